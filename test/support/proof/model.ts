import { utimesSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { bytesOf, FAULT_NAMES, faultsOf, PASS, randomOf, type FaultName } from '../fault-proxy/index.ts';
import { World } from './world.ts';

const MiB = 1024 * 1024;
/** One part, three parts, and three parts of another size. */
const SIZES = [70_000, 10 * MiB + 345, 11 * MiB] as const;

/** The model has nothing beside the world: what must hold is told by the world after every command. */
type Model = Record<string, never>;

class Command implements fc.AsyncCommand<Model, World> {
  readonly #name: string;
  readonly #work: (world: World) => Promise<void> | void;

  constructor(name: string, work: (world: World) => Promise<void> | void) {
    this.#name = name;
    this.#work = work;
  }

  check(): boolean {
    return true;
  }

  async run(_: Model, world: World): Promise<void> {
    await this.#work(world);
    await world.check();
  }

  toString(): string {
    return this.#name;
  }
}

const always = (name: string, work: (world: World) => Promise<void> | void): fc.Arbitrary<Command> =>
  fc.constant(null).map(() => new Command(name, work));

const passing = fc.integer({ min: 1, max: 4 }).map(
  (count) =>
    new Command(`pass(${count})`, async (world) => {
      for (let passed = 0; passed < count; passed += 1) await world.next(() => PASS);
    }),
);

const failing = fc.tuple(fc.constantFrom(...FAULT_NAMES), fc.nat()).map(
  ([name, seed]: [FaultName, number]) =>
    new Command(`fail(${name})`, (world) =>
      world.next(({ operation }) => {
        const fate = faultsOf(operation, randomOf(seed)).find(([each]) => each === name)?.[1] ?? PASS;
        if (fate.kind === 'wrong-etag') world.partsMayDiffer();
        return fate;
      }),
    ),
);

const changing = fc.tuple(fc.constantFrom(...SIZES), fc.nat({ max: 1000 })).map(
  ([size, seed]) =>
    new Command(`change(${size})`, (world) => {
      const content = bytesOf(seed, size);
      writeFileSync(world.path, content);
      world.changed(content);
    }),
);

const COMMANDS: fc.Arbitrary<Command>[] = [
  passing,
  passing,
  passing,
  failing,
  failing,
  changing,
  always('pause', (world) => world.pause()),
  always('resume', (world) => world.resume()),
  always('crash', (world) => world.crash()),
  always('crash once the store acted', (world) => world.crashOnceActed()),
  always('touch', ({ path }) => utimesSync(path, new Date(), new Date(Date.now() + 10_000))),
  always('answer late', (world) => world.next(() => world.late())),
  always('let the late answers come', (world) => world.letLateCome()),
  always('the store forgets', (world) => world.storeForgets()),
  // Seldom: it ends the story.
  fc.oneof(
    { weight: 1, arbitrary: always('cancel', (world) => world.cancel()) },
    { weight: 5, arbitrary: passing },
  ),
];

export interface ModelRun {
  readonly seed: number;
  readonly runs: number;
  /** As fast-check tells it of a failure, to play that one again. */
  readonly path?: string;
}

/** Random stories of one upload. @throws fast-check's report, with seed, path and the shortest story found */
export async function checkModel({ seed, runs, path }: ModelRun): Promise<void> {
  const stories = fc.commands(COMMANDS, { maxCommands: 14, size: 'max' });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...SIZES.slice(0, 2)), stories, async (size, commands) => {
      const world = await World.open(size);
      try {
        await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
        await world.checkEnd();
      } catch (error) {
        throw new Error(`${(error as Error).message}\n${world.story()}`, { cause: error });
      } finally {
        await world.close();
      }
    }),
    // A story that fails is long enough to read: looking for a shorter one takes as long as everything else together.
    { seed, numRuns: runs, endOnFailure: true, ...(path === undefined ? {} : { path }) },
  );
}
