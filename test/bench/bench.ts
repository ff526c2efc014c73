import { join } from 'node:path';
import { ownEnvironment } from '../e2e/support/engine.ts';
import type { Row } from './row.ts';
import { cliCommand } from '../../scripts/lib/setup.mjs';

/** What a bench is given: how much, how often, and where it may write. Everything in `scratch` is taken away at the end. */
export interface Terms {
  /** A look: small files, one round. */
  readonly quick: boolean;
  /** Also what takes an hour. */
  readonly long: boolean;
  readonly rounds: number;
  readonly scratch: string;
  /** Progress, for the person who waits. */
  tell(line: string): void;
}

export interface Bench {
  readonly name: string;
  readonly what: string;
  run(terms: Terms): Promise<readonly Row[]>;
}

export const ROOT = join(import.meta.dirname, '../..');
/** How Node runs the command line, as `npm run -s sluice` does. */
export const CLI = cliCommand(ROOT);

/** The environment of a contender: nothing of the person's own accounts. */
export const cleanEnvironment = ownEnvironment;
