/** Memory that threads share, reused: what is received or read passes through it one block at a time. */

export interface Block {
  readonly memory: SharedArrayBuffer;
  /** The same memory. */
  readonly bytes: Buffer;
}

/** Large enough that a message and a system call per block cost nothing beside hashing it. */
export const BLOCK_SIZE = 512 * 1024;

const KEPT = 32;
const free: Block[] = [];

export function takeBlock(): Block {
  const kept = free.pop();
  if (kept !== undefined) return kept;
  // Memory that could grow begins on a page of its own, which writing past the page cache needs.
  const memory = new SharedArrayBuffer(BLOCK_SIZE, { maxByteLength: BLOCK_SIZE });
  return { memory, bytes: Buffer.from(memory, 0, BLOCK_SIZE) };
}

export function giveBlock(block: Block): void {
  if (free.length < KEPT) free.push(block);
}
