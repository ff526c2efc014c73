import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cutAll } from '#internal/main/tables/text/index';
import { mean, score, type Rows, type Score } from './score.ts';

export const CORPUS = join(import.meta.dirname, '../../fixtures/tables');

/** A file of the corpus and what a careful person would have typed. */
export interface Example {
  readonly kind: string;
  readonly name: string;
  readonly path: string;
  readonly wanted: Rows;
}

const PLAIN = { delimiter: ',', quote: '"', escape: null, collapse: false, loneCr: false } as const;

export function readPlain(path: string): Rows {
  return cutAll(readFileSync(path), PLAIN);
}

export function examples(): readonly Example[] {
  const kinds = readdirSync(CORPUS, { withFileTypes: true }).filter((found) => found.isDirectory());
  return kinds.flatMap(({ name: kind }) =>
    readdirSync(join(CORPUS, kind))
      .filter((file) => file.endsWith('.csv') && !file.endsWith('.clean.csv'))
      .map((name) => {
        const path = join(CORPUS, kind, name);
        return { kind, name, path, wanted: readPlain(path.replace(/\.csv$/, '.clean.csv')) };
      }),
  );
}

/** Reads a file as a table, header first. Throws where it cannot. */
export type ReadTable = (path: string) => Promise<Rows>;

export interface Judged {
  readonly example: Example;
  readonly score: Score;
  /** What was made of it; null where it could not be read. */
  readonly got: Rows | null;
}

export async function judge(read: ReadTable, among: readonly Example[]): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  for (const example of among) {
    const got = await read(example.path).catch(() => null);
    judged.push({ example, got, score: score(got, example.wanted) });
  }
  return judged;
}

/** @returns the mean of each class, in the order of their names, and over all classes alike */
export function byClass(judged: readonly Judged[]): {
  readonly classes: readonly { readonly kind: string; readonly files: number; readonly score: Score }[];
  readonly all: Score;
} {
  const kinds = [...new Set(judged.map(({ example }) => example.kind))].sort();
  const classes = kinds.map((kind) => {
    const own = judged.filter(({ example }) => example.kind === kind);
    return { kind, files: own.length, score: mean(own.map((each) => each.score)) };
  });
  return { classes, all: mean(classes.map((each) => each.score)) };
}
