import { evenly, randomOf, seeded } from '../fault-proxy/index.ts';
import { startRig } from '../upload-rig.ts';
import { checkScene } from './invariant.ts';

const MiB = 1024 * 1024;
const CRASHES = 3;

/**
 * Mixed files through a store that fails again and again, by a schedule that the seed repeats, with the end of the
 * process now and then; until they are all there.
 * @throws with what was asked and what became of it, where the invariant does not hold
 */
export async function endureSchedule(seed: number): Promise<void> {
  const random = randomOf(seed);
  const checksum = random.pick(['full-object', 'composite', 'none'] as const);
  const rig = await startRig({ checksum });
  try {
    const sizes = Array.from({ length: 3 + random.below(8) }, () =>
      random.next() < 0.25 ? 5 * MiB + 1 + random.below(11 * MiB) : 1 + random.below(100_000),
    );
    const faults = seeded(random.below(2 ** 31), evenly(2 + random.below(8)));
    const crashAt = Array.from({ length: random.below(CRASHES + 1) }, () => random.below(sizes.length * 4));
    rig.decide = faults;
    const files = sizes.map((size, index) => ({ ...rig.file(`mixed/${index}.bin`, size), size }));
    const ids = rig.addAll(files);
    for (const requests of crashAt) {
      await passed(rig, requests);
      await rig.crash();
      await rig.restart(faults);
    }
    const rest = async (): Promise<void> => {
      await Promise.all(ids.map((id) => rig.transfers.settled(id)));
    };
    await rest();
    rig.decide = () => ({ kind: 'pass' });
    for (const id of ids) {
      if (rig.transfers.record(id).state.kind === 'failed') rig.transfers.resume(id);
    }
    await rest();
    await checkScene(rig, { ids, contents: files.map(({ content }) => content) });
  } catch (error) {
    const story = rig.proxy.story();
    throw new Error(`--only schedules --seed ${seed}:\n${(error as Error).message}\n${story}`, {
      cause: error,
    });
  } finally {
    await rig.close();
  }
}

/** Until so many more requests came, or none comes any more. */
async function passed(rig: Awaited<ReturnType<typeof startRig>>, requests: number): Promise<void> {
  const from = rig.proxy.seen.length;
  for (let still = 0; still < 100 && rig.proxy.seen.length - from < requests; still += 1) {
    const before = rig.proxy.seen.length;
    await new Promise((resolve) => setTimeout(resolve, 3));
    if (rig.proxy.seen.length > before) still = 0;
  }
}
