import { type PartState, type PartStrip, type Transfer } from '#shared/domain';
import { type World } from './world.ts';

/** One state for each part, written as runs. */
export function encode(states: readonly PartState[]): PartStrip {
  const strip: { state: PartState; count: number }[] = [];
  for (const state of states) {
    const last = strip.at(-1);
    if (last?.state === state) last.count += 1;
    else strip.push({ state, count: 1 });
  }
  return strip;
}

export const decode = (strip: PartStrip): PartState[] =>
  strip.flatMap(({ state, count }) => Array.from({ length: count }, () => state));

const STEP_MS = 60;
const PARTS_A_STEP = 2;

/** Moves a transfer to its end in steps, the way an engine would; stops where it is paused or cancelled. */
export function script(world: World, id: string): void {
  const timer = setInterval(() => {
    const transfer = world.transfer(id);
    if (transfer === undefined || transfer.state.kind === 'paused' || transfer.state.kind === 'cancelled') {
      clearInterval(timer);
      return;
    }
    const next = step(transfer);
    world.put(transfer.sessionId, next);
    if (next.state.kind === 'done') clearInterval(timer);
  }, STEP_MS);
  timer.unref();
}

function step(transfer: Transfer): Transfer {
  const states = decode(transfer.parts);
  if (transfer.state.kind === 'verifying') {
    return {
      ...transfer,
      state: { kind: 'done' },
      parts: encode(states.map(() => 'verified')),
      finishedAt: Date.now(),
      progress: { ...transfer.progress, bytesPerSecond: null, secondsLeft: null },
    };
  }
  for (const [index, state] of states.entries()) if (state === 'flying') states[index] = 'sent';
  for (let taken = 0; taken < PARTS_A_STEP; taken += 1) {
    const waiting = states.indexOf('waiting');
    if (waiting >= 0) states[waiting] = 'flying';
  }
  const sent = states.filter((state) => state !== 'waiting' && state !== 'flying').length;
  const committed = Math.round((sent / states.length) * transfer.size);
  const over = sent === states.length;
  return {
    ...transfer,
    state: over ? { kind: 'verifying' } : { kind: 'transferring' },
    parts: encode(states),
    progress: {
      committed,
      inFlight: states.filter((state) => state === 'flying').length * transfer.partSize,
      total: transfer.size,
      bytesPerSecond: over ? null : 48_000_000,
      secondsLeft: over ? null : (transfer.size - committed) / 48_000_000,
    },
  };
}
