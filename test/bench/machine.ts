import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 1500;
/** Of a core: less is the machine's own breathing. */
const QUIET = 0.15;

/** @returns how many cores others keep busy, while nothing of ours runs */
async function busyCores(): Promise<number> {
  const before = ticks();
  await sleep(LOOK_MS);
  const after = ticks();
  const all = after.all - before.all;
  return all === 0 ? 0 : ((all - (after.idle - before.idle)) / all) * cpus().length;
}

function ticks(): { readonly all: number; readonly idle: number } {
  const times = cpus().map((cpu) => cpu.times);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    all: sum(times.map(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq)),
    idle: sum(times.map(({ idle }) => idle)),
  };
}

/** @returns what to know of figures that are taken now; nothing on a quiet machine */
export async function loadNote(): Promise<readonly string[]> {
  const busy = await busyCores();
  return busy < QUIET ? [] : [`others kept ${busy.toFixed(1)} of ${cpus().length} cores busy as it began`];
}
