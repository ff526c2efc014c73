import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { crc32 } from 'node:zlib';
import { planFile } from '#main/sessions';
import type { ObjectStore } from '#main/storage';
import { learnCondition } from '#internal/main/storage/probe';
import { startRig, type UploadRig } from '../../support/upload-rig.ts';

const MiB = 1024 * 1024;
const SIZE = 12 * MiB + 3;
let rig: UploadRig;
beforeEach(async () => (rig = await startRig()));
afterEach(() => rig.close());

const KEY = 'kept/name.bin';

/** Queues an upload that may not write over anything. */
function protect(path: string, size: number): string {
  const { connections, sessions, transfers, clock } = rig.rooms();
  const connection = connections.get(rig.connection.id);
  const session = sessions.create(connection, 'kept', 'kept');
  const record = planFile(
    { name: 'name.bin', relativePath: 'name.bin', size },
    { kind: 'path', path },
    'original',
    {
      session,
      connection,
      keys: 'plain',
      partSize: 5 * MiB,
      clock,
      existing: 'protect',
    },
  );
  transfers.add([record]);
  return record.id;
}

async function putOther(): Promise<Buffer> {
  const other = Buffer.from('somebody else was here first');
  const store = await rig.straight();
  await store.put(KEY, other, crc32(other), { contentType: 'text/plain', metadata: {} });
  return other;
}

describe.each([
  ['in one PUT', 1000, true],
  ['in parts', SIZE, true],
  ['in one PUT to a store that knows no conditions', 1000, false],
  ['in parts to a store that knows no conditions', SIZE, false],
])('an upload %s that may not write over anything', (_, size, isConditional) => {
  beforeEach(async () => {
    const store = await rig.rooms().connections.store(rig.connection.id);
    Object.defineProperty(store, 'isConditional', { value: isConditional });
  });

  test('makes its object where there is none', async () => {
    const { path, content } = rig.file('new.bin', size);
    const id = protect(path, size);
    expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
    expect((await rig.stored(id))?.equals(content)).toBe(true);
  });

  test('fails where there is one, and leaves it as it is', async () => {
    const other = await putOther();
    const { path } = rig.file('late.bin', size);
    const id = protect(path, size);
    expect(await rig.transfers.settled(id)).toMatchObject({
      kind: 'failed',
      error: { code: 'OBJECT_EXISTS' },
    });
    expect((await rig.stored(id))?.equals(other)).toBe(true);
  });

  test('and goes over it once it is told to', async () => {
    await putOther();
    const { path, content } = rig.file('over.bin', size);
    const id = protect(path, size);
    await rig.transfers.settled(id);
    rig.transfers.replace(id);
    expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
    expect((await rig.stored(id))?.equals(content)).toBe(true);
    expect(() => rig.transfers.replace(id)).toThrow(expect.objectContaining({ code: 'UPLOAD_STATE' }));
  });

  test('knows its own object when the answer that it was made is lost', async () => {
    const { path, content } = rig.file('lost.bin', size);
    let lost = 0;
    rig.decide = ({ method, url }) => {
      const makes =
        (method === 'PUT' && !url.includes('partNumber')) || (method === 'POST' && url.includes('uploadId'));
      return makes && lost++ === 0 ? { kind: 'drop-after' } : { kind: 'pass' };
    };
    const id = protect(path, size);
    expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
    expect(lost).toBeGreaterThanOrEqual(1);
    expect((await rig.stored(id))?.equals(content)).toBe(true);
    expect(await rig.leftovers(id)).toBe(0);
  });
});

test('whether a store keeps the condition is found out by writing twice', async () => {
  const store = await rig.straight();
  expect(await learnCondition(store)).toBe(true);
  const left: string[] = [];
  for await (const { key } of store.list('')) left.push(key);
  expect(left).toEqual([]);
  const careless = {
    connection: store.connection,
    put: async () => ({ etag: '' }),
    deleteAll: async () => undefined,
  };
  expect(await learnCondition(careless as unknown as ObjectStore)).toBe(false);
});
