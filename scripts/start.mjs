// npm start: sets up, builds, and opens Sluice: its window where Electron can run, else the same app in the browser.
import { interruptedBy, run } from './lib/children.mjs';
import { electronFlags, hasDisplay, obtainElectron } from './lib/electron.mjs';
import { main, PlainError, say } from './lib/say.mjs';
import { callersFolder, cliCommand, setUp } from './lib/setup.mjs';
import { choice, HELP } from './lib/start-choice.mjs';

/** @typedef {import('./lib/start-choice.mjs').Choice} Choice */

/**
 * @param {import('./lib/setup.mjs').Ready} ready
 * @param {Choice} chosen
 * @returns {Promise<number | string>} the exit code, or why there can be no window
 */
async function desktop(ready, { face, data }) {
  const insist = face === 'desktop';
  if (!insist && !hasDisplay()) return 'there is no display';
  const program = await obtainElectron(ready, { insist });
  if (program === null) return "Electron's program could not be fetched";
  const extra = electronFlags();
  if (extra.includes('--no-sandbox')) {
    say('Running as root: the window runs without Chromium’s sandbox. An ordinary user gets one with it.');
  }
  const { ELECTRON_RUN_AS_NODE: _, ...env } = ready.env;
  const args = [...extra, ready.root, ...(data === undefined ? [] : ['--data', data])];
  const ended = await run(program, args, { cwd: callersFolder(), env });
  const brokeDown = ended.code === 127 || ended.signal === 'SIGTRAP' || ended.signal === 'SIGABRT';
  if (brokeDown && interruptedBy() === null) return 'Electron does not run here';
  return ended.code;
}

/**
 * @param {import('./lib/setup.mjs').Ready} ready
 * @param {Choice} chosen
 */
async function web(ready, { open, port, data }) {
  const args = ['serve'];
  if (port !== undefined) args.push('--port', String(port));
  if (data !== undefined) args.push('--data', data);
  if (!open) args.push('--no-open');
  const ended = await run(ready.node, [...cliCommand(ready.root), ...args], {
    cwd: callersFolder(),
    env: ready.env,
  });
  return ended.code;
}

await main(async () => {
  const chosen = choice(process.argv.slice(2), callersFolder());
  if (chosen === 'help') {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const ready = await setUp({ build: true });
  if (chosen.face === 'web') return web(ready, chosen);
  const ended = await desktop(ready, chosen);
  if (typeof ended === 'number') return ended;
  if (chosen.face === 'desktop') {
    throw new PlainError(
      `The desktop window cannot be opened: ${ended}.`,
      'npm start -- --web opens the same app in your browser.',
    );
  }
  say(`No desktop window (${ended}); serving Sluice on this machine instead.`);
  return web(ready, chosen);
});
