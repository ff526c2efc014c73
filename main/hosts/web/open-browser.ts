import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PROGRAMS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
  linux: ['xdg-open'],
};

/**
 * Opens the address in the person's browser, where there is one. The token in it must not stand on a command line,
 * which other users can read; so the browser is given a file that leads there.
 * @returns a function that deletes the file
 */
export function openBrowser(address: string): () => void {
  const program = PROGRAMS[process.platform];
  if (program === undefined || !hasDisplay()) return () => undefined;
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
  const page = join(folder, 'open.html');
  const target = JSON.stringify(address).replaceAll('<', '\\u003c');
  writeFileSync(page, `<!doctype html><meta charset="utf-8"><script>location.replace(${target})</script>`, {
    mode: 0o600,
  });
  const [command, ...args] = program;
  const child = spawn(command, [...args, pathToFileURL(page).href], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined); // no such program: the address is printed anyway
  child.unref();
  return () => rmSync(folder, { recursive: true, force: true });
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return (process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? '') !== '';
}
