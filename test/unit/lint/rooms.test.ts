import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { objection } from '../../../lint/rooms.js';

const ROOT = join(import.meta.dirname, '../../..');

describe('what a file may import', () => {
  it.each([
    // its own room
    ['main/transfers/upload.ts', './plan.ts'],
    ['main/transfers/upload.ts', '../ports.ts'],
    ['main/transfers/upload.ts', '../journal/index.ts'],
    // other rooms by their door
    ['main/transfers/upload.ts', '#main/journal'],
    ['main/transfers/upload.ts', '#main/ports'],
    ['main/transfers/upload.ts', '#shared/errors'],
    ['main/transfers/upload.ts', 'node:fs/promises'],
    ['main/transfers/upload.ts', '@aws-sdk/client-s3'],
    ['main/hosts/cli/index.ts', '#main/engine'],
    ['main/hosts/cli/index.ts', '../web/index.ts'],
    ['main/hosts/electron/window.ts', 'electron'],
    ['preload/preload.ts', 'electron'],
    ['preload/preload.ts', '#shared/contract'],
    ['renderer/src/app/shell.tsx', '#shared/domain'],
    ['renderer/src/app/shell.tsx', '#renderer/components'],
    ['renderer/src/app/shell.tsx', 'react'],
    ['shared/contract/tables.ts', '#shared/domain'],
    ['shared/contract/tables.ts', '@orpc/contract'],
    ['shared/domain/table.ts', 'zod'],
    // tests and scripts may look anywhere
    ['test/unit/bucket/etag.test.ts', '#internal/main/bucket/etag'],
    ['test/e2e/smoke.spec.ts', '../../main/bucket/etag.ts'],
    ['scripts/bench.mjs', '../main/bucket/etag.ts'],
  ])('%s may import %s', (from, specifier) => {
    expect(objection(from, specifier)).toBeNull();
  });

  it.each([
    ['shared/domain/table.ts', '#main/tables', 'shared/ imports nothing of ours'],
    ['shared/domain/table.ts', '../../main/ports.ts', 'shared/ imports nothing of ours'],
    ['shared/domain/table.ts', 'node:path', 'shared/ may import only'],
    ['shared/domain/table.ts', 'react', 'shared/ may import only'],
    ['shared/domain/table.ts', 'electron', 'may import electron'],
    ['renderer/src/app/shell.tsx', '#main/engine', 'renderer/ imports only shared/'],
    ['renderer/src/app/shell.tsx', '../../../main/ports.ts', 'renderer/ imports only shared/'],
    ['renderer/src/app/shell.tsx', '../../../preload/preload.ts', 'renderer/ imports only shared/'],
    ['renderer/src/app/shell.tsx', 'node:fs', 'renderer/ has no Node'],
    ['renderer/src/app/shell.tsx', 'electron', 'may import electron'],
    ['renderer/src/app/shell.tsx', 'electron/renderer', 'may import electron'],
    ['preload/preload.ts', '#main/ports', 'preload/ imports only shared/'],
    ['preload/preload.ts', '../renderer/src/app/index.ts', 'preload/ imports only shared/'],
    ['main/transfers/upload.ts', 'electron', 'may import electron'],
    ['main/hosts/web/server.ts', 'electron', 'may import electron'],
    ['main/transfers/upload.ts', '../../renderer/src/app/index.ts', 'never imports the renderer'],
    ['main/transfers/upload.ts', '../../preload/preload.ts', 'never imports the renderer'],
    ['main/engine.ts', './hosts/web/index.ts', 'never imports a host'],
    ['main/api/system.ts', '#main/hosts/web', 'never imports a host'],
    ['main/transfers/upload.ts', '../journal/schema.ts', 'through its index'],
    ['main/engine.ts', './bucket/etag.ts', 'through its index'],
    ['renderer/src/app/shell.tsx', '../features/files/list.tsx', 'through its index'],
    ['main/transfers/upload.ts', '#internal/main/bucket/etag', 'only tests'],
  ])('%s may not import %s', (from, specifier, reason) => {
    expect(objection(from, specifier)).toContain(reason);
  });
});

describe('the linter', () => {
  const lint = (room: string, source: string) => {
    mkdirSync(join(ROOT, room), { recursive: true });
    const folder = mkdtempSync(join(ROOT, room, 'lint-fixture-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'fixture.ts');
    writeFileSync(file, source);
    const oxlint = join(ROOT, 'node_modules', 'oxlint', 'bin', 'oxlint');
    return spawnSync(process.execPath, [oxlint, file], { cwd: ROOT, encoding: 'utf8' });
  };

  it('fails on a forbidden import, in whatever form it is written', () => {
    const { status, stdout } = lint(
      'shared/lib',
      [
        `import { readFileSync } from 'node:fs';`,
        `export { app } from 'electron';`,
        `export const later = (): Promise<unknown> => import('../../../main/ports.ts');`,
        `export type Window = import('electron/main').BrowserWindow;`,
        `export const read = readFileSync;`,
        ``,
      ].join('\n'),
    );
    expect(status).toBe(1);
    expect(stdout).toContain(`'node:fs': shared/ may import only`);
    expect(stdout).toContain(`'electron': only main/hosts/electron/ and preload/`);
    expect(stdout).toContain(`'electron/main': only main/hosts/electron/ and preload/`);
    expect(stdout).toContain(`'../../../main/ports.ts': shared/ imports nothing of ours`);
  });

  it('passes an allowed one', () => {
    const { status, stdout } = lint(
      'shared/lib',
      `import { z } from 'zod';\nexport const word = z.string();\n`,
    );
    expect(stdout).not.toContain('rooms(imports)');
    expect(status).toBe(0);
  });
});
