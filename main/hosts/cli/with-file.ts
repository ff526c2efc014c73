import { basename, parse, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { TableSource } from '#main/tables';
import { AS_FOUND } from '#shared/domain';

/** Other files of a recipe, by the name it has for them. */
export type Others = Readonly<Record<string, TableSource>>;

/** Takes in `name=FILE`, or a file, which is then called as it is without its ending. May come again. */
export function withFile(text: string, before: Others = {}): Others {
  const cut = text.indexOf('=');
  const file = text.slice(cut + 1);
  const name = cut > 0 ? text.slice(0, cut) : parse(basename(text)).name;
  if (file === '' || name === '') throw new InvalidArgumentError('write it as name=FILE');
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`two files are called ${name}`);
  return { ...before, [name]: { path: resolve(file), reading: AS_FOUND } };
}
