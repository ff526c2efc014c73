/**
 * `npm run test:soak`: the simulator, random stories of the model, random schedules of faults and kills, for as long as
 * it is given. Every failure is printed with the one command that repeats it.
 */
import { parseArgs } from 'node:util';
import { freshSeed, randomOf, type Random } from '../support/fault-proxy/index.ts';
import { killAgainAndAgain } from '../support/kills/index.ts';
import { checkModel, endureSchedule, play, SCENARIOS, strikesOn, type Blow } from '../support/proof/index.ts';

const HELP = `npm run test:soak -- [--minutes N] [--seed S]      everything in turn, 5 minutes where none are said
npm run test:soak -- --only LANE --seed S ...    one thing once:
  simulator --scenario NAME [--index I --blow B]  one scene, with one request struck, or with each struck by everything
  model [--path P]                                random stories of one upload
  schedules                                       mixed files through a store that fails again and again
  kills [--kills N]                               an engine killed N times, 100 where none are said`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string' },
    only: { type: 'string' },
    scenario: { type: 'string' },
    index: { type: 'string' },
    blow: { type: 'string' },
    path: { type: 'string' },
    kills: { type: 'string', default: '100' },
    help: { type: 'boolean', short: 'h' },
  },
});

const STORIES = 10;
const KILLS = 10;

let tried = 0;
let failures = 0;

/** Does one thing, and tells of its failure. @param command what repeats it, where its message does not say */
async function attempt(work: () => Promise<unknown>, command: string | null = null): Promise<void> {
  tried += 1;
  try {
    await work();
  } catch (error) {
    failures += 1;
    const { message } = error as Error;
    const again = command ?? (message.split('\n')[0] ?? '').replace(/:.*$/, '');
    console.log(`\n${message}\n\nAgain: npm run test:soak -- ${again}\n`);
  }
}

const lanes: Readonly<Record<string, (seed: number, random: Random) => Promise<void>>> = {
  async simulator(seed, random) {
    const scenario =
      values.scenario === undefined
        ? random.pick(SCENARIOS)
        : SCENARIOS.find(({ name }) => name === values.scenario);
    if (scenario === undefined) throw new Error(`there is no scenario ${values.scenario ?? ''}`);
    if (values.index !== undefined) {
      const strike = { index: Number(values.index), blow: values.blow as Blow };
      return attempt(() => play(scenario, strike, seed));
    }
    const played = await play(scenario, null, seed);
    for (const strike of strikesOn(played.operations)) {
      if (isOver()) return;
      await attempt(() => play(scenario, strike, seed));
    }
  },
  model: (seed) =>
    attempt(
      () => checkModel({ seed, runs: STORIES, ...(values.path === undefined ? {} : { path: values.path }) }),
      `--only model --seed ${seed}`,
    ),
  schedules: (seed) => attempt(() => endureSchedule(seed)),
  async kills(seed) {
    const kills = values.only === 'kills' ? Number(values.kills) : KILLS;
    await attempt(async () => {
      const done = await killAgainAndAgain(kills, seed);
      console.log(
        `kills: ${done.kills}, ${done.inTheMiddle} of them in the middle; ${done.files} files, ${done.kept} parts kept`,
      );
    });
  },
};

const until = Date.now() + Number(values.minutes) * 60_000;
const isOver = (): boolean => values.only === undefined && Date.now() > until;

async function main(): Promise<number> {
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const seed = values.seed === undefined ? freshSeed() : Number(values.seed);
  if (values.only !== undefined) {
    const lane = lanes[values.only];
    if (lane === undefined) throw new Error(`there is no lane ${values.only}\n${HELP}`);
    await lane(seed, randomOf(seed));
  } else {
    console.log(`${values.minutes} minutes, seed ${seed}`);
    const random = randomOf(seed);
    while (!isOver()) {
      for (const [name, lane] of Object.entries(lanes)) {
        if (isOver()) break;
        const own = random.below(2 ** 31);
        await lane(own, randomOf(own));
        console.log(`${name}: ${tried} tried, ${failures} failed`);
      }
    }
  }
  console.log(`${tried} tried, ${failures} failed`);
  return failures === 0 ? 0 : 1;
}

process.exitCode = await main();
