/** How much memory and how much of the line transfers may take. */
export { Bandwidth, type Sender } from './bandwidth.ts';
export { BufferPool } from './buffers.ts';
export { Limits } from './limits.ts';
