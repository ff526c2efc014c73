import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { AbortMultipartUploadCommand } from '@aws-sdk/client-s3';
import { isAtRest } from '#main/transfers';
import { encodeCrc32 } from '#shared/lib';
import { PASS, partNumberOf, type Fate, type ProxiedRequest } from '../fault-proxy/index.ts';
import { startRig, type UploadRig } from '../upload-rig.ts';
import { checkLeftoversKnown, checkObject } from './invariant.ts';
import { until } from './scenarios.ts';

interface Held {
  readonly request: ProxiedRequest;
  readonly release: (fate: Fate) => void;
}

/**
 * One upload whose every request waits at a gate until it is told what becomes of it, beside what must be true of it:
 * the model is the set of parts that the journal has seen land, and the versions of the file that may be stored.
 */
export class World {
  readonly path: string;
  readonly #rig: UploadRig;
  readonly #id: string;
  #content: Buffer;
  #held: Held[] = [];
  #open = false;
  #late: (() => void)[] = [];
  /** Versions of the file that stood there since the upload was last taken up: one of them may be stored, and no other. */
  #storable: Buffer[];
  #committed = 0;
  /** Another file, or a store that lost what it had: then what was sent counts no more. */
  #mayBeginAnew = false;
  #partsMayDiffer = false;
  /** What broke a rule while nobody looked. */
  #broken: string | null = null;

  private constructor(rig: UploadRig, path: string, content: Buffer) {
    this.#rig = rig;
    this.path = path;
    this.#content = content;
    this.#storable = [content];
    rig.decide = this.#decide;
    this.#id = rig.add(path, content.length);
    this.#watch();
  }

  static async open(size: number): Promise<World> {
    const rig = await startRig();
    const { path, content } = rig.file('one.bin', size);
    return new World(rig, path, content);
  }

  story(): string {
    return this.#rig.proxy.story();
  }

  close(): Promise<void> {
    this.letLateCome();
    return this.#rig.close();
  }

  // ---- the gate

  readonly #decide = (request: ProxiedRequest): Fate | Promise<Fate> => {
    this.#judge(request);
    if (this.#open) return PASS;
    return new Promise((release) => this.#held.push({ request, release }));
  };

  /** Decides on the next request, once there is one; does nothing where none will come by itself. */
  async next(decide: (request: ProxiedRequest) => Fate): Promise<void> {
    const waiting = (): Held | undefined => {
      this.#held = this.#held.filter(({ request }) => !request.gone());
      return this.#held[0];
    };
    await until(() => waiting() !== undefined || this.#isAtRest() || this.#late.length > 0, 'a request');
    const held = waiting();
    if (held === undefined) return;
    this.#held.shift();
    held.release(decide(held.request));
  }

  /** The fate of an answer that comes when `letLateCome` is called. */
  late(): Fate {
    return { kind: 'late', until: new Promise((come) => this.#late.push(come)) };
  }

  letLateCome(): void {
    for (const come of this.#late.splice(0)) come();
  }

  // ---- what happens to it

  pause(): void {
    if (!this.#isAtRest()) this.#rig.transfers.pause(this.#id);
  }

  resume(): void {
    const { kind } = this.#rig.transfers.record(this.#id).state;
    if (kind !== 'paused' && kind !== 'failed') return;
    this.#storable = [this.#content];
    this.#rig.transfers.resume(this.#id);
  }

  cancel(): void {
    const { kind } = this.#rig.transfers.record(this.#id).state;
    if (kind !== 'done' && kind !== 'cancelled') this.#rig.transfers.cancel(this.#id);
  }

  async crash(): Promise<void> {
    const dead = this.#rig.crash();
    this.#held = [];
    this.letLateCome();
    await dead;
    this.#committed = 0;
    await this.#rig.restart(this.#decide);
    if (this.#rig.transfers.record(this.#id).state.kind !== 'done') this.#storable = [this.#content];
    this.#watch();
  }

  async crashOnceActed(): Promise<void> {
    let acted = false;
    let crashing: Promise<void> | null = null;
    await this.next(() => {
      acted = true;
      return {
        kind: 'late',
        until: new Promise(() => undefined),
        acted: () => void (crashing = this.crash()),
      };
    });
    if (!acted) return this.crash();
    await until(() => crashing !== null || this.#isAtRest(), 'the store to act');
    await (crashing ?? this.crash());
  }

  changed(content: Buffer): void {
    this.#content = content;
    if (this.#rig.transfers.record(this.#id).state.kind !== 'done') this.#storable.push(content);
    this.#mayBeginAnew = true;
  }

  partsMayDiffer(): void {
    this.#partsMayDiffer = true;
    this.#mayBeginAnew = true;
  }

  async storeForgets(): Promise<void> {
    this.#mayBeginAnew = true;
    for (const { key, uploadId } of await this.#rig.allLeftovers()) {
      const Bucket = this.#rig.connection.bucket;
      await this.#rig.s3
        .send(new AbortMultipartUploadCommand({ Bucket, Key: key, UploadId: uploadId }))
        .catch((error: unknown) => {
          if ((error as Error).name !== 'NoSuchUpload') throw error; // it was aborted meanwhile
        });
    }
  }

  // ---- what must hold

  #isAtRest(): boolean {
    return isAtRest(this.#rig.transfers.record(this.#id).state);
  }

  /** Of every request: a part that was seen to land is not sent again. */
  #judge({ operation, url }: ProxiedRequest): void {
    if (operation !== 'UploadPart' || this.#partsMayDiffer) return;
    const record = this.#rig.journal.transfers.get(this.#id);
    const number = partNumberOf(url);
    const uploadId = new URL(url, 'http://store').searchParams.get('uploadId');
    if (record?.uploadId !== uploadId) return;
    if (this.#rig.journal.transfers.parts(this.#id).some((part) => part.number === number))
      this.#broken ??= `part ${number} is sent again though it landed`;
  }

  /** At every change: progress goes neither back nor over the whole. */
  #watch(): void {
    this.#rig.transfers.onChange((id) => {
      const { committed, inFlight, total } = this.#rig.transfers.view(id).progress;
      if (committed < this.#committed && !this.#mayBeginAnew)
        this.#broken ??= `progress went from ${this.#committed} to ${committed}`;
      if (committed + inFlight > total)
        this.#broken ??= `${committed} and ${inFlight} are more than ${total}`;
      this.#committed = committed;
    });
  }

  /** What is told is true, now. */
  async check(): Promise<void> {
    assert.equal(this.#broken, null);
    const record = this.#rig.transfers.record(this.#id);
    const { state, step } = record;
    if (state.kind === 'failed') assert.notEqual(state.error.code, 'BUG', state.error.message);
    if (state.kind === 'done') await this.#checkDone();
    // While it is being made, its id is on the way; once it is cancelled, it is on its way out.
    const journalled = this.#rig.journal.transfers.get(this.#id)?.step ?? step;
    if (journalled !== 'creating' && state.kind !== 'cancelled')
      await checkLeftoversKnown(this.#rig, [this.#id]);
  }

  async #checkDone(): Promise<void> {
    const stored = await this.#rig.stored(this.#id);
    const { crc32: crc } = this.#rig.transfers.receipt(this.#id);
    const version = this.#storable.find((each) => encodeCrc32(crc32(each)) === crc);
    assert.ok(version !== undefined, 'what was stored is no version of the file');
    checkObject(this.#rig, this.#id, version, stored);
  }

  /** Left alone with a store that works, it comes to a good end. */
  async checkEnd(): Promise<void> {
    this.#open = true;
    for (const { release } of this.#held.splice(0)) release(PASS);
    this.letLateCome();
    // A change that was made while it ran fails it once: the file has to be looked at again.
    for (let tries = 0; tries < 3; tries += 1) {
      this.resume();
      await this.#rig.transfers.settled(this.#id);
    }
    const { state, sessionId } = this.#rig.transfers.record(this.#id);
    if (state.kind === 'cancelled') {
      await this.#rig.transfers.cleaned(sessionId);
      await this.#rig.crashAndRestart();
      await this.#rig.transfers.cleaned(sessionId);
    } else {
      assert.deepEqual(state, { kind: 'done' });
    }
    await this.check();
    assert.deepEqual(await this.#rig.allLeftovers(), []);
  }
}
