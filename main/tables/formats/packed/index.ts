export { chooseEntry } from './choose.ts';
export { compressed, type Packing, type Unpacking } from './packing.ts';
export { unpack } from './unpack.ts';
export { openEntry, readDirectory, type ZipEntry } from './zip.ts';
