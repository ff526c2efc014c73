import { _electron, test as base, type ElectronApplication, type Page } from '@playwright/test';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Electron's program: named by the runner, else where its package keeps it; null where it is not here. */
function electronProgram(): string | null {
  const named = process.env['SLUICE_ELECTRON'];
  if (named !== undefined && existsSync(named)) return named;
  const folder = join(root, 'node_modules', 'electron', 'dist');
  const names = ['electron', 'electron.exe', join('Electron.app', 'Contents', 'MacOS', 'Electron')];
  return names.map((name) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}

const program = electronProgram();
export const leftOut = program === null ? "Electron's program is not on this machine" : null;

/** Chromium refuses to run as root with its sandbox. */
const rootFlags = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export interface Desktop {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly data: string;
  /** Calls a procedure through a port of the test's own, as the page would. @returns its answer, or throws its error */
  ask<T>(path: string, input?: unknown): Promise<T>;
}

/** In the page: asks the bridge for a port and puts a function that calls procedures at `window.testAsk`. */
const OPEN_CARRIER = `new Promise((resolve) => {
  const receive = (event) => {
    if (event.source !== window || event.data?.type !== 'sluice:port') return;
    window.removeEventListener('message', receive);
    event.stopImmediatePropagation();
    const port = event.ports[0];
    const waiting = new Map();
    port.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      waiting.get(frame.i)?.({ status: frame.p.s ?? 200, body: frame.p.b?.json });
      waiting.delete(frame.i);
    };
    window.testAsk = (path, input) => new Promise((done) => {
      const id = String(waiting.size + Math.random());
      waiting.set(id, done);
      port.postMessage(JSON.stringify({ i: id, p: { u: '/' + path.replaceAll('.', '/'), b: { json: input } } }));
    });
    resolve();
  };
  window.addEventListener('message', receive, true);
  window.sluice.connect();
})`;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export async function openDesktop(data: string): Promise<Desktop> {
  if (program === null) throw new Error('there is no Electron to start');
  const app = await _electron.launch({
    executablePath: program,
    args: [...rootFlags, root, '--data', data],
    cwd: root,
  });
  const page = await app.firstWindow();
  await page.waitForLoadState('domcontentloaded');
  await page.evaluate(OPEN_CARRIER);
  return {
    app,
    page,
    data,
    async ask<T>(path: string, input?: unknown) {
      const call = `window.testAsk(${JSON.stringify(path)}, ${JSON.stringify(input) ?? 'undefined'})`;
      const { status, body } = await page.evaluate<Answer>(call);
      if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
      return body as T;
    },
  };
}

/** A desktop on a data folder of its own. */
export const test = base.extend<{ desktop: Desktop }>({
  // oxlint-disable-next-line no-empty-pattern -- the runner reads what a fixture needs from its first parameter
  desktop: async ({}, use) => {
    const data = await mkdtemp(join(tmpdir(), 'sluice-desktop-'));
    const desktop = await openDesktop(data);
    await use(desktop);
    await desktop.app.close();
    await rm(data, { recursive: true, force: true });
  },
});

export { expect } from '@playwright/test';
