import { utimesSync, writeFileSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Capabilities } from '#shared/domain';
import { bytesOf, PASS } from '../fault-proxy/index.ts';
import { queueFetch } from '../fetching.ts';
import type { UploadRig } from '../upload-rig.ts';

const MiB = 1024 * 1024;
const PARTS = 12 * MiB + 345; // three parts of 5 MiB
const RANGES = 16 * MiB + 4321; // three ranges of 8 MiB
const OBJECT = 'fetched.bin';

/** Files on their way: how they got there is not struck, what follows is. */
export interface Scene {
  readonly ids: readonly string[];
  /** What must stand at the key of each, or at the path of one that is fetched, as of now. */
  readonly contents: readonly Buffer[];
  /** Cancelled: nothing may stand there. */
  readonly cancelled?: boolean;
  /** The folder that objects are fetched to; left out, files are sent. */
  readonly fetchedTo?: string;
}

export interface Scenario {
  readonly name: string;
  readonly checksum?: Capabilities['checksum'];
  /** Sets the scene; requests are counted and struck from when `decide` is installed. */
  readonly set: (rig: UploadRig, decide: UploadRig['decide']) => Promise<Scene>;
}

const fresh =
  (...sizes: readonly number[]): Scenario['set'] =>
  async (rig, decide) => {
    rig.decide = decide;
    const files = sizes.map((size, index) => ({ ...rig.file(`folder/${index}.bin`, size), size }));
    return { ids: rig.addAll(files), contents: files.map(({ content }) => content) };
  };

/** One part of three is sent and journalled; the transfer is at a stand in an engine that was started again. */
async function halfWay(
  rig: UploadRig,
  decide: UploadRig['decide'],
  between: (path: string, content: Buffer) => Buffer,
): Promise<Scene> {
  const { path, content } = rig.file('half.bin', PARTS);
  let parts = 0;
  rig.decide = ({ operation }) =>
    operation === 'UploadPart' && (parts += 1) > 1 ? { kind: 'drop-before' } : PASS;
  const id = rig.add(path, PARTS);
  await until(() => rig.journal.transfers.parts(id).length > 0, 'a part to be journalled');
  await rig.crash();
  const now = between(path, content);
  await rig.restart(decide);
  return { ids: [id], contents: [now] };
}

const resumed =
  (between: (path: string, content: Buffer) => Buffer): Scenario['set'] =>
  (rig, decide) =>
    halfWay(rig, decide, between);

const same = (_path: string, content: Buffer): Buffer => content;

function touch(path: string, content: Buffer): Buffer {
  utimesSync(path, new Date(), new Date(Date.now() + 5000));
  return content;
}

const rewrite =
  (size: number) =>
  (path: string): Buffer => {
    const other = bytesOf(size, size);
    writeFileSync(path, other);
    return other;
  };

/** Puts an object into the bucket, past everything that is struck. */
async function put(rig: UploadRig, content: Buffer): Promise<void> {
  const { bucket } = rig.connection;
  await rig.s3.send(new PutObjectCommand({ Bucket: bucket, Key: OBJECT, Body: content }));
}

const folderOf = (rig: UploadRig): string => join(rig.folder, 'downloads');

const fetched =
  (size: number): Scenario['set'] =>
  async (rig, decide) => {
    const content = bytesOf(size, size);
    await put(rig, content);
    rig.decide = decide;
    const folder = folderOf(rig);
    return {
      ids: [queueFetch(rig, { key: OBJECT, size, folder })],
      contents: [content],
      fetchedTo: folder,
    };
  };

/** One range of three is there and journalled; the transfer is at a stand in an engine that was started again. */
async function halfFetched(
  rig: UploadRig,
  decide: UploadRig['decide'],
  between: (content: Buffer) => Promise<Buffer>,
): Promise<Scene> {
  const content = bytesOf(RANGES, RANGES);
  await put(rig, content);
  let ranges = 0;
  rig.decide = ({ operation }) =>
    operation === 'GetObject' && (ranges += 1) > 1 ? { kind: 'drop-before' } : PASS;
  const folder = folderOf(rig);
  const id = queueFetch(rig, { key: OBJECT, size: RANGES, folder });
  await until(() => rig.journal.transfers.parts(id).length > 0, 'a range to be journalled');
  await rig.crash();
  const now = await between(content);
  await rig.restart(decide);
  return { ids: [id], contents: [now], fetchedTo: folder };
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'parts', set: fresh(PARTS) },
  { name: 'parts-composite', checksum: 'composite', set: fresh(PARTS) },
  { name: 'parts-unproven', checksum: 'none', set: fresh(PARTS) },
  { name: 'single', set: fresh(70_000) },
  { name: 'one-byte', set: fresh(1) },
  { name: 'folder', set: fresh(1, 800, 65_537, 6 * MiB, 300_000) },
  { name: 'resumed', set: resumed(same) },
  { name: 'resumed-touched', set: resumed(touch) },
  { name: 'resumed-changed', set: resumed(rewrite(PARTS)) },
  { name: 'resumed-shrunk', set: resumed(rewrite(1000)) },
  {
    name: 'cancelled',
    set: async (rig, decide) => {
      const scene = await halfWay(rig, decide, same);
      for (const id of scene.ids) rig.transfers.cancel(id);
      return { ...scene, cancelled: true };
    },
  },
  { name: 'fetched', set: fetched(RANGES) },
  { name: 'fetched-small', set: fetched(1000) },
  {
    name: 'fetched-resumed',
    set: (rig, decide) => halfFetched(rig, decide, async (content) => content),
  },
  {
    name: 'fetched-changed',
    set: (rig, decide) =>
      halfFetched(rig, decide, async () => {
        const other = bytesOf(7, RANGES);
        await put(rig, other);
        return other;
      }),
  },
  {
    name: 'fetched-damaged',
    set: (rig, decide) =>
      halfFetched(rig, decide, async (content) => {
        // What the journal saw land was written to by somebody since.
        const [unfinished = ''] = await readdir(folderOf(rig));
        const file = await open(join(folderOf(rig), unfinished), 'r+');
        await file.write(Buffer.from('not what came'), 0, 13, 1000);
        await file.close();
        return content;
      }),
  },
];

const PATIENCE_MS = 30_000;

/** Looks again and again until it is so. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const giveUp = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > giveUp) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
