import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockFolder, openJournal, type SessionRecord, type TransferRecord } from '#main/journal';
import { NO_OPTIONS } from '#shared/domain';
import { testUnless, withoutRights } from '../../support/unless.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sluice-journal-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const session: SessionRecord = {
  id: 's1',
  title: 'Orders',
  connectionId: 'builtin',
  bucket: 'sluice',
  prefix: 'sessions/2026/11/s1',
  createdAt: 5,
  retentionDays: null,
  removing: false,
  custody: null,
  folder: null,
};

const transfer: TransferRecord = {
  id: 't1',
  sessionId: 's1',
  connectionId: 'builtin',
  direction: 'upload',
  name: 'a.csv',
  relativePath: 'a.csv',
  source: { kind: 'path', path: '/tmp/a.csv' },
  identity: null,
  size: 20,
  bucket: 'sluice',
  key: 'k',
  contentType: 'text/csv',
  options: NO_OPTIONS,
  prepared: null,
  existing: 'replace',
  adopted: false,
  notBefore: null,
  priority: 0,
  partSize: 10,
  partCount: 2,
  state: { kind: 'queued' },
  step: 'planned',
  uploadId: null,
  etag: null,
  sha256: null,
  notice: null,
  receipt: null,
  dropId: null,
  createdAt: 6,
  startedAt: null,
  finishedAt: null,
};

test('what was written is there after the journal is opened again', () => {
  const first = openJournal(folder);
  first.sessions.insert(session);
  first.transfers.insertAll([transfer]);
  first.transfers.saveStep('t1', 'creating');
  first.transfers.saveUploadId('t1', 'u1');
  first.transfers.savePart('t1', { number: 1, crc32: 0xffffffff, etag: '"e"' });
  first.close();

  const again = openJournal(folder);
  expect(again.sessions.list()).toEqual([session]);
  expect(again.transfers.get('t1')).toEqual({ ...transfer, step: 'uploading', uploadId: 'u1' });
  expect(again.transfers.parts('t1')).toEqual([{ number: 1, crc32: 0xffffffff, etag: '"e"' }]);
  again.transfers.forgetUpload('t1');
  expect(again.transfers.parts('t1')).toEqual([]);
  expect(again.transfers.get('t1')).toEqual(transfer);
  again.sessions.delete('s1');
  expect([...again.transfers.pages()].flat()).toEqual([]);
  again.close();
});

test('a journal of a newer Sluice is refused and left as it is', () => {
  openJournal(folder).close();
  const db = new DatabaseSync(join(folder, 'journal.db'));
  db.exec('PRAGMA user_version = 99');
  db.close();
  expect(() => openJournal(folder)).toThrow(expect.objectContaining({ code: 'JOURNAL_NEWER' }));
});

test('a journal that is none is said to be damaged', () => {
  writeFileSync(
    join(folder, 'journal.db'),
    'this is no database, though it is a file of some length'.repeat(50),
  );
  expect(() => openJournal(folder)).toThrow(expect.objectContaining({ code: 'JOURNAL_DAMAGED' }));
});

test('two Sluices on one data folder: the second is told who has it; the end of the first frees it', () => {
  const free = lockFolder(folder, 'the desktop app, process 1');
  const tryFromAnother = (): string => {
    const script = `
      import { lockFolder } from '#main/journal';
      try { lockFolder(process.argv[1], 'second')(); console.log('free'); } catch (error) { console.log(error.code, error.message); }
    `;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script, folder], {
      cwd: join(import.meta.dirname, '../../..'),
      encoding: 'utf8',
    });
    return stdout.trim();
  };
  expect(tryFromAnother()).toBe(
    `DATA_FOLDER_BUSY Another Sluice (the desktop app, process 1) is using ${folder}.`,
  );
  free();
  expect(tryFromAnother()).toBe('free');
});

testUnless(withoutRights)('a folder that cannot be written to', () => {
  chmodSync(folder, 0o500);
  expect(() => openJournal(folder)).toThrow(expect.objectContaining({ code: 'DATA_FOLDER_UNUSABLE' }));
});
