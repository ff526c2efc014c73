import { PASS, type Fate } from './fates.ts';
import type { Operation } from './operation.ts';
import type { ProxiedRequest } from './proxy.ts';
import { randomOf, type Random } from './random.ts';

interface Fault {
  readonly make: (random: Random) => Fate;
  /** Of what it makes sense; of everything, where it is left out. */
  readonly of?: readonly Operation[];
}

const fault = (make: Fault['make'], of?: readonly Operation[]): Fault =>
  of === undefined ? { make } : { make, of };

const SENDING = ['PutObject', 'UploadPart'] as const;
const ANSWERING_AT_LENGTH = [
  'CreateMultipartUpload',
  'CompleteMultipartUpload',
  'ListParts',
  'ListMultipartUploads',
  'GetObject',
] as const;

/** Every fault a schedule can draw. */
const FAULTS = {
  'drop-before': fault(() => ({ kind: 'drop-before' })),
  'drop-after': fault(() => ({ kind: 'drop-after' })),
  'slow-down': fault(() => ({ kind: 'answer', status: 503, code: 'SlowDown' })),
  'internal-error': fault(() => ({ kind: 'answer', status: 500, code: 'InternalError' })),
  'reset-request': fault((random) => ({ kind: 'reset-request', after: random.below(2 ** 20) }), SENDING),
  'reset-answer': fault((random) => ({ kind: 'reset-answer', after: random.below(64) }), ANSWERING_AT_LENGTH),
  'error-in-200': fault(
    (random) => ({ kind: 'error-in-200', code: 'InternalError', acts: random.next() < 0.5 }),
    ['CompleteMultipartUpload'],
  ),
  'empty-200': fault(
    (random) => ({ kind: 'empty-200', acts: random.next() < 0.5 }),
    ['CreateMultipartUpload', 'CompleteMultipartUpload'],
  ),
  truncate: fault((random) => ({ kind: 'truncate', to: random.below(200) }), ANSWERING_AT_LENGTH),
  'wrong-etag': fault(() => ({ kind: 'wrong-etag' }), ['UploadPart']),
  'corrupt-request': fault((random) => ({ kind: 'corrupt-request', at: random.below(2 ** 20) }), SENDING),
  'corrupt-answer': fault((random) => ({ kind: 'corrupt-answer', at: random.below(2 ** 20) }), ['GetObject']),
} as const;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

/** How often each fault strikes, from 0 to 1; together at most 1. */
export type Rates = Readonly<Partial<Record<FaultName, number>>>;

/** Each fault as often as every other, so that one request in `every` meets one. */
export function evenly(every: number, names: readonly FaultName[] = FAULT_NAMES): Rates {
  return Object.fromEntries(names.map((name) => [name, 1 / every / names.length]));
}

/** Every fault that makes sense of an operation, by name. */
export function faultsOf(operation: Operation, random: Random): readonly (readonly [FaultName, Fate])[] {
  return FAULT_NAMES.filter((name) => suits(name, operation)).map((name) => [
    name,
    FAULTS[name].make(random),
  ]);
}

/**
 * A schedule that the seed repeats: the same requests in the same order meet the same fates. Where parts go up side by
 * side their order may differ from run to run, and with it who is hit; what is drawn does not.
 */
export function seeded(seed: number, rates: Rates): (request: ProxiedRequest) => Fate {
  const random = randomOf(seed);
  return ({ operation }) => {
    let drawn = random.next();
    for (const name of FAULT_NAMES) {
      drawn -= rates[name] ?? 0;
      if (drawn < 0) return suits(name, operation) ? FAULTS[name].make(random) : PASS;
    }
    return PASS;
  };
}

function suits(name: FaultName, operation: Operation): boolean {
  const { of }: Fault = FAULTS[name];
  return of === undefined || of.includes(operation);
}

/** Answers ExpiredToken to whoever signs with this key or token, as long as it does. */
export function expired(keyOrToken: string): (request: ProxiedRequest) => Fate {
  return ({ headers }) => {
    const signedBy = `${headers.authorization ?? ''} ${String(headers['x-amz-security-token'] ?? '')}`;
    return signedBy.includes(keyOrToken) ? { kind: 'answer', status: 400, code: 'ExpiredToken' } : PASS;
  };
}
