import type { Conflict, DropPlan, Leftover } from '#shared/domain';
import { NOW } from './data.ts';

const DAY = 86_400_000;

/** Three conflicts of each kind that a folder can have. */
const KINDS: readonly Pick<Conflict, 'kind' | 'says' | 'choices' | 'preset'>[] = [
  {
    kind: 'different',
    says: '4.2 MB here, 4.1 MB there.',
    choices: ['rename', 'skip', 'replace'],
    preset: 'rename',
  },
  {
    kind: 'identical',
    says: 'The same content: size and CRC-32 of the whole agree.',
    choices: ['skip', 'rename', 'replace'],
    preset: 'skip',
  },
  {
    kind: 'unknown',
    says: 'The same size. The store keeps no checksum to compare the content by.',
    choices: ['rename', 'skip', 'replace'],
    preset: 'rename',
  },
  {
    kind: 'changed',
    says: 'Its upload was begun, then the file was changed or touched. What was sent is kept if it is still in the file.',
    choices: ['continue', 'anew', 'skip'],
    preset: 'continue',
  },
  {
    kind: 'leftover',
    says: 'An upload to this key was begun 3 d ago and never finished; 41 MB of it are stored.',
    choices: ['leave', 'continue', 'discard'],
    preset: 'continue',
  },
];

export function planOf(files: number, folder: string): DropPlan {
  const conflicts = KINDS.flatMap((kind, at) =>
    Array.from({ length: 3 }, (_, index): Conflict => {
      const name = `exports/${kind.kind}-of-the-plant-${index}.csv`;
      return {
        ...kind,
        id: `c${at}-${index}`,
        name,
        key: `${folder}/${name}`,
        here: { size: 4_200_000 + index, at: NOW },
        there: { size: 4_100_000, at: NOW - 3 * DAY },
      };
    }),
  );
  return {
    id: 'plan-1',
    files: Math.max(files, 20),
    bytes: 84_000_000,
    counts: Object.fromEntries(KINDS.map(({ kind }) => [kind, 3])),
    conflicts,
  };
}

const of = (index: number, facts: Partial<Leftover>): Leftover => ({
  key: `exports/2026/plant-7-line-${index}-recalibrated.parquet`,
  uploadId: `upload-${index}`,
  startedAt: NOW - index * 9 * DAY,
  bytes: 3_400_000_000 * index,
  parts: 410 * index,
  known: null,
  mayBeInUse: false,
  ...facts,
});

export const leftovers: readonly Leftover[] = [
  of(3, {}),
  of(2, {
    known: {
      transferId: 'f-02',
      sessionId: 's4',
      state: 'paused',
      path: '/home/ana/exports/plant-7-line-2.parquet',
      sourceThere: true,
    },
  }),
  of(1, {
    known: {
      transferId: 'f-03',
      sessionId: 's4',
      state: 'failed',
      path: '/mnt/usb/line-1.parquet',
      sourceThere: false,
    },
  }),
  of(0, { startedAt: NOW - 3_600_000, bytes: 120_000_000, parts: 15, mayBeInUse: true }),
];
