import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openDatabase } from '#internal/main/journal/database';
import type { TransferRecords } from '#internal/main/journal/transfers';
import { openJournal, type Journal, type TransferRecord } from '#main/journal';
import { NO_OPTIONS } from '#shared/domain';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sluice-soft-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What another process would find. */
function onDisk(sql: string): unknown {
  const other = new DatabaseSync(join(folder, 'journal.db'), { readOnly: true });
  try {
    return other.prepare(sql).get();
  } finally {
    other.close();
  }
}

const NOTE = "INSERT INTO settings (name, document) VALUES (:name, '{}')";
const COUNT = 'SELECT count(*) AS n FROM settings';

test('what is written softly in one turn is read at once, and there for others from its end', async () => {
  const db = openDatabase(folder);
  db.runSoftly(NOTE, { name: 'a' });
  db.runSoftly(NOTE, { name: 'b' });
  expect(db.one(COUNT)).toEqual({ n: 2 });
  expect(onDisk(COUNT)).toEqual({ n: 0 });
  await turn();
  expect(onDisk(COUNT)).toEqual({ n: 2 });
  db.close();
});

test('an intent takes what was observed before it along', () => {
  const db = openDatabase(folder);
  db.runSoftly(NOTE, { name: 'a' });
  db.run(NOTE, { name: 'b' });
  expect(onDisk(COUNT)).toEqual({ n: 2 });
  db.runSoftly(NOTE, { name: 'c' });
  db.transaction(() => db.runSoftly(NOTE, { name: 'd' }));
  expect(onDisk(COUNT)).toEqual({ n: 4 });
  expect(db.one('PRAGMA synchronous')).toEqual({ synchronous: 2 });
  db.close();
});

test('a soft transaction takes what was written softly in its turn along', () => {
  const db = openDatabase(folder);
  db.runSoftly(NOTE, { name: 'a' });
  db.transactionSoftly(() => db.runSoftly(NOTE, { name: 'b' }));
  expect(onDisk(COUNT)).toEqual({ n: 2 });
  expect(db.one('PRAGMA synchronous')).toEqual({ synchronous: 2 });
  db.close();
});

test('whoever waits for the disk shares one commit with all who wait in this turn', async () => {
  const db = openDatabase(folder);
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
  await Promise.all(
    ['a', 'b', 'c'].map(async (name) => {
      db.runSoftly(NOTE, { name });
      await db.durable();
      expect(onDisk(COUNT)).toEqual({ n: 3 });
    }),
  );
  expect(exec.mock.calls.filter(([sql]) => sql === 'COMMIT')).toHaveLength(1);
  exec.mockRestore();
  db.close();
});

test('one that fails takes back only itself; a commit that fails is told to whoever is next', async () => {
  const db = openDatabase(folder);
  db.runSoftly(NOTE, { name: 'a' });
  expect(() => db.runSoftly(NOTE, { name: 'a' })).toThrow('UNIQUE');
  await turn();
  expect(onDisk(COUNT)).toEqual({ n: 1 });

  db.runSoftly(NOTE, { name: 'b' });
  db.runSoftly('PRAGMA defer_foreign_keys=ON'); // what refers to nothing is found out by the commit
  db.runSoftly("INSERT INTO parts (transfer_id, number, crc32) VALUES ('nobody', 1, 1)");
  await turn();
  expect(() => db.run(NOTE, { name: 'c' })).toThrow('FOREIGN KEY');
  db.run(NOTE, { name: 'c' });
  expect(onDisk(COUNT)).toEqual({ n: 2 });
  db.close();
});

const record: TransferRecord = {
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
  dropId: null,
  partSize: 10,
  partCount: 2,
  state: { kind: 'queued' },
  step: 'planned',
  uploadId: null,
  etag: null,
  sha256: null,
  notice: null,
  receipt: null,
  createdAt: 6,
  startedAt: null,
  finishedAt: null,
};

const identity = { size: 20, modifiedNs: '1', changedNs: '2', fileId: '3' };
const notice = { code: 'BEGUN_ANEW', message: 'm', hint: 'h', retry: 'never', kind: 'expected' } as never;

const WRITES: readonly (readonly [string, (records: TransferRecords) => unknown])[] = [
  ['saveState', (records) => records.saveState('t1', { kind: 'cancelled' }, 9)],
  ['noteState', (records) => records.noteState('t1', { kind: 'preparing' })],
  ['saveStarted', (records) => records.saveStarted('t1', 7)],
  ['saveStarted again', (records) => records.saveStarted('t1', 8)],
  ['saveIdentity', (records) => records.saveIdentity('t1', identity)],
  ['savePlan', (records) => records.savePlan('t1', { size: 20, partSize: 5, partCount: 4 })],
  ['saveNotBefore', (records) => records.saveNotBefore('t1', 99)],
  ['savePriority', (records) => records.savePriority('t1', 3)],
  ['saveSha256', (records) => records.saveSha256('t1', 'aa')],
  ['saveStep', (records) => records.saveStep('t1', 'creating')],
  ['saveStepTogether', (records) => records.saveStepTogether('t1', 'completing')],
  ['saveUploadId', (records) => records.saveUploadId('t1', 'u')],
  ['forgetUpload', (records) => records.forgetUpload('t1')],
  ['saveNotice', (records) => records.saveNotice('t1', notice)],
];

test('what is remembered of a record is what its row says, after every kind of write', async () => {
  const journal: Journal = openJournal(folder);
  journal.sessions.insert({
    id: 's1',
    title: 'x',
    connectionId: 'builtin',
    bucket: 'b',
    prefix: 'p',
    createdAt: 5,
    retentionDays: null,
    removing: false,
    custody: null,
    folder: null,
  });
  journal.transfers.insert(record);
  expect(journal.transfers.get('t1')).toEqual(record);
  for (const [name, write] of WRITES) {
    await write(journal.transfers);
    const remembered = journal.transfers.get('t1');
    journal.transfers.forgetRecent();
    if (name === 'saveNotice') expect(remembered?.notice).toEqual(notice);
    else expect(journal.transfers.get('t1'), name).toEqual(remembered);
  }
  journal.sessions.delete('s1');
  expect(journal.transfers.get('t1')).toBeNull();
  journal.close();
});
