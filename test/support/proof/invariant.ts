import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { encodeCrc32 } from '#shared/lib';
import type { UploadRig } from '../upload-rig.ts';
import type { Scene } from './scenarios.ts';

/** Once the fault is over: every object is its file, every receipt says so, and nothing is left in the bucket. */
export async function checkScene(rig: UploadRig, scene: Scene): Promise<void> {
  if (scene.fetchedTo !== undefined) return checkFetched(rig, scene, scene.fetchedTo);
  const { ids, contents, cancelled } = scene;
  for (const [index, id] of ids.entries()) {
    const state = rig.transfers.record(id).state;
    const stored = await rig.stored(id);
    if (cancelled === true) {
      assert.equal(state.kind, 'cancelled');
      assert.equal(stored, null, 'an object of what was cancelled');
      continue;
    }
    assert.deepEqual(state, { kind: 'done' });
    checkObject(rig, id, contents[index] ?? Buffer.alloc(0), stored);
  }
  assert.deepEqual(await rig.allLeftovers(), [], 'unfinished uploads in the bucket');
  assert.equal((await rig.keys()).length, cancelled === true ? 0 : ids.length, 'objects in the bucket');
}

/** Every file is its object, every receipt says so, and nothing unfinished is left in the folder. */
async function checkFetched(rig: UploadRig, { ids, contents }: Scene, folder: string): Promise<void> {
  for (const [index, id] of ids.entries()) {
    const { state, source } = rig.transfers.record(id);
    assert.ok(source.kind === 'object');
    assert.deepEqual(state, { kind: 'done' });
    const content = contents[index] ?? Buffer.alloc(0);
    assert.ok((await readFile(source.path)).equals(content), 'done, yet the file is not the object');
    const receipt = rig.transfers.receipt(id);
    assert.equal(receipt.crc32, encodeCrc32(crc32(content)));
    assert.equal(receipt.object.size, content.length);
  }
  assert.equal((await readdir(folder)).length, ids.length, 'files in the folder');
}

/** What is reported as done is the file, byte for byte. */
export function checkObject(rig: UploadRig, id: string, content: Buffer, stored: Buffer | null): void {
  assert.ok(stored !== null, 'done, yet there is no object');
  assert.ok(stored.equals(content), 'done, yet the object is not the file');
  const receipt = rig.transfers.receipt(id);
  assert.equal(receipt.crc32, encodeCrc32(crc32(content)));
  assert.equal(receipt.object.size, content.length);
}

/** No upload is unfinished in the bucket that the journal does not know of. */
export async function checkLeftoversKnown(rig: UploadRig, ids: readonly string[]): Promise<void> {
  const known = new Set(ids.map((id) => rig.journal.transfers.get(id)?.uploadId));
  const unknown = (await rig.allLeftovers()).filter(({ uploadId }) => !known.has(uploadId));
  assert.deepEqual(unknown, [], 'unfinished uploads that the journal does not know');
}
