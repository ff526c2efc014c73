// What `npm start` was asked for.
import { resolve } from 'node:path';
import { flags, portNumber } from './flags.mjs';
import { PlainError } from './say.mjs';

export const HELP = `npm start [-- OPTIONS]   Opens Sluice on its built-in bucket.

  --desktop    the desktop window, or fail where it cannot be had
  --web        the same app in your browser, on this machine only
  --no-open    with the web app: print the address, open no browser
  --port N     with the web app: this port (a free one where left out)
  --data DIR   keep everything Sluice remembers in this folder
  --help       this text

Where neither is named: the window where Electron can run and there is a display, else the web app.
--port and --no-open ask for the web app.`;

const OPTIONS = /** @type {const} */ ({
  desktop: { type: 'boolean' },
  web: { type: 'boolean' },
  'no-open': { type: 'boolean' },
  port: { type: 'string' },
  data: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
});

/**
 * @typedef {object} Choice
 * @property {'desktop' | 'web' | 'best'} face
 * @property {boolean} open
 * @property {number | undefined} port
 * @property {string | undefined} data absolute
 */

/**
 * @param {readonly string[]} args
 * @param {string} folder that --data is relative to
 * @returns {Choice | 'help'}
 */
export function choice(args, folder) {
  const { values } = flags(args, OPTIONS, { positionals: false, help: 'npm start -- --help' });
  if (values.help) return 'help';
  const web = values.web || values.port !== undefined || values['no-open'];
  if (values.desktop && web) {
    throw new PlainError(
      '--desktop does not go with --web, --port or --no-open.',
      'The window has no address; leave one of them out.',
      2,
    );
  }
  return {
    face: values.desktop ? 'desktop' : web ? 'web' : 'best',
    open: !values['no-open'],
    port: portNumber(values.port),
    data: values.data === undefined ? undefined : resolve(folder, values.data),
  };
}
