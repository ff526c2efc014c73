import { dropFiles, type Adding } from '#main/api';
import type { Engine } from '#main/engine';
import type { Chooser, Outcome } from '#main/sessions';
import { choiceBy, type ChangedPolicy, type ExistingPolicy, type LeftoverPolicy } from '#main/transfers';
import type { Conflict, Connection, ScanRules, UploadOptions } from '#shared/domain';
import { SluiceError } from '#shared/errors';
import { askFor } from './ask.ts';

/** What put is told to do about what is there already. */
export interface ChoiceFlags {
  readonly existing: ExistingPolicy | 'ask';
  readonly changed: ChangedPolicy;
  readonly leftover: LeftoverPolicy;
  readonly compare: 'checksum' | 'size';
}

/** Whether anything could have to be chosen: else files go up as they are found. */
export function mayHaveToChoose({ existing, changed }: ChoiceFlags, prefix: string | null): boolean {
  return prefix !== null || existing === 'skip' || existing === 'ask' || changed !== 'continue';
}

export interface ChosenDrop {
  /** Null where nothing is sent. */
  readonly adding: Adding | null;
  readonly outcomes: readonly Outcome[];
  /** What was not taken, or refused by a flag. */
  readonly end: Awaited<Adding['end']>;
}

/** Looks through all of it, decides about each file by the flags or by asking, then starts. */
export async function startChosen(
  engine: Engine,
  what: {
    readonly paths: readonly string[];
    readonly connection: Connection;
    readonly prefix: string | null;
    readonly partSize: number | null;
    readonly rules: ScanRules;
    readonly options: UploadOptions;
    readonly notBefore: number | null;
    readonly priority: number;
  },
  flags: ChoiceFlags,
  signal: AbortSignal,
): Promise<ChosenDrop> {
  const { dropPlans } = engine.services;
  const { paths, connection, prefix, partSize, rules, options, notBefore, priority } = what;
  const { files, looked } = await dropFiles(paths, rules, signal);
  const [first] = looked.refused;
  if (files.length === 0 && first !== undefined) throw new SluiceError(first.error.code, first.error.details);
  const bySize = flags.compare === 'size';
  const drop = {
    files,
    connection,
    sessionId: null,
    prefix,
    partSize,
    bySize,
    options,
    notBefore,
    priority,
    looked,
  };
  const plan = await dropPlans.prepare(drop, signal);
  const choose = await chooserOf(dropPlans.conflicts(plan.id), flags, signal);
  const { session, outcomes } = await dropPlans.start(plan.id, choose, signal);
  const end = {
    transferIds: outcomes.flatMap(({ transferId }) => transferId ?? []),
    refused: [
      ...looked.refused,
      ...outcomes.flatMap(({ error, file }) => (error === null ? [] : [{ name: file.relativePath, error }])),
    ],
    leftOut: looked.leftOut,
  };
  const adding = session === null ? null : { sessionId: session.id, end: Promise.resolve(end) };
  return { adding, outcomes, end };
}

/** What the flags say; or the person, about what they leave open. */
async function chooserOf(
  conflicts: readonly Conflict[],
  { existing, changed, leftover }: ChoiceFlags,
  signal: AbortSignal,
): Promise<Chooser> {
  if (existing !== 'ask') return (conflict) => choiceBy(conflict, { existing, changed, leftover });
  const chosen = await askFor(conflicts, signal);
  return ({ id, preset }) => chosen.get(id) ?? preset;
}

/** What was decided about a file, for `--json` and for a person. */
export function decisionOf({ decision, about }: Outcome): {
  readonly document: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
} {
  const met = about.map(({ conflict, chosen }) => ({ kind: conflict.kind, says: conflict.says, chosen }));
  return { document: { decision, met }, lines: met.map(({ says, chosen }) => `  ${chosen}: ${says}`) };
}

/** A file that was not sent, since it is there or was to be left out. */
export function skipped(
  outcome: Outcome,
  bucket: string,
): { readonly document: Readonly<Record<string, unknown>>; readonly lines: readonly string[] } {
  const { file, key, about } = outcome;
  const { kind, says } = about[0]?.conflict ?? { kind: 'identical', says: '' };
  const same = kind === 'identical' || kind === 'uploaded';
  const uri = `s3://${bucket}/${key ?? ''}`;
  return {
    document: {
      name: file.name,
      path: file.source.kind === 'path' ? file.source.path : null,
      uri,
      bucket,
      key,
      size: file.size,
      state: same ? 'done' : 'skipped',
      ...decisionOf(outcome).document,
      receipt: null,
    },
    lines: [`${file.name} ${same ? '==' : '!='} ${uri}`, `  ${same ? 'there already' : 'skipped'}: ${says}`],
  };
}
