import assert from 'node:assert/strict';
import type { ErrorCode } from '#shared/errors';
import {
  faultsOf,
  randomOf,
  type Fate,
  type FaultName,
  type Operation,
  type ProxiedRequest,
  type Random,
} from '../fault-proxy/index.ts';
import { startRig, type UploadRig } from '../upload-rig.ts';
import { checkScene } from './invariant.ts';
import type { Scenario, Scene } from './scenarios.ts';

/** What befalls one request: a fault, or the end of the process before the store hears of it or once it has acted. */
export type Blow = FaultName | 'crash-before' | 'crash-after';

export interface Strike {
  /** Of the requests of a scene, from 0. */
  readonly index: number;
  readonly blow: Blow;
}

const CRASHES = ['crash-before', 'crash-after'] as const;

export interface Played {
  /** What was asked for, in order. */
  readonly operations: readonly Operation[];
  /** Codes of transfers that came to rest as failed; all went well once they were tried again. */
  readonly failedWith: readonly ErrorCode[];
}

/**
 * Plays a scene with one request struck, and checks that what is reported is true.
 * @param strike null to see what requests there are
 * @throws an error that tells what happened, where the invariant does not hold
 */
export async function play(scenario: Scenario, strike: Strike | null, seed: number): Promise<Played> {
  const rig = await startRig(scenario.checksum === undefined ? {} : { checksum: scenario.checksum });
  const stage = new Stage(rig, strike, randomOf(seed));
  try {
    const scene = await scenario.set(rig, stage.decide);
    const failedWith = await stage.toTheEnd(scene);
    await checkScene(rig, scene);
    return { operations: rig.proxy.seen.slice(stage.from).map(({ operation }) => operation), failedWith };
  } catch (error) {
    throw new Error(
      `${nameOf(scenario, strike, seed)}:\n${(error as Error).message}\n${rig.proxy.story(stage.from)}`,
      {
        cause: error,
      },
    );
  } finally {
    await rig.close();
  }
}

/** As the soak takes it, to play it again. */
export function nameOf(scenario: Scenario, strike: Strike | null, seed: number): string {
  const blow = strike === null ? '' : ` --index ${strike.index} --blow ${strike.blow}`;
  return `--only simulator --scenario ${scenario.name}${blow} --seed ${seed}`;
}

/** Every strike that makes sense for these requests. */
export function strikesOn(operations: readonly Operation[]): readonly Strike[] {
  return operations.flatMap((operation, index) =>
    [...faultsOf(operation, randomOf(0)).map(([name]) => name), ...CRASHES].map((blow) => ({ index, blow })),
  );
}

class Stage {
  readonly #rig: UploadRig;
  readonly #strike: Strike | null;
  readonly #random: Random;
  /** The index of the first request that counts. */
  from = Number.POSITIVE_INFINITY;
  #crashing: Promise<void> | null = null;
  #tellCrash: () => void = () => undefined;
  readonly #crashed = new Promise<void>((resolve) => (this.#tellCrash = resolve));

  constructor(rig: UploadRig, strike: Strike | null, random: Random) {
    this.#rig = rig;
    this.#strike = strike;
    this.#random = random;
  }

  readonly decide = ({ index, operation }: ProxiedRequest): Fate => {
    this.from = Math.min(this.from, index);
    return this.#fateOf(index - this.from, operation);
  };

  #fateOf(index: number, operation: Operation): Fate {
    if (this.#strike?.index !== index) return { kind: 'pass' };
    const { blow } = this.#strike;
    switch (blow) {
      case 'crash-before':
        this.#crash();
        return { kind: 'drop-before' };
      case 'crash-after':
        return { kind: 'late', until: new Promise(() => undefined), acted: () => this.#crash() };
      default:
        // Where side by side requests came in another order, the fault may make no sense of this one.
        return faultsOf(operation, this.#random).find(([name]) => name === blow)?.[1] ?? { kind: 'pass' };
    }
  }

  #crash(): void {
    this.#crashing ??= this.#rig.crash();
    this.#tellCrash();
  }

  /** Until all is at rest and what failed was tried again: a fault strikes once, so that in the end all is well. */
  async toTheEnd(scene: Scene): Promise<readonly ErrorCode[]> {
    const rest = async (): Promise<void> => {
      const { transfers } = this.#rig;
      if (scene.cancelled === true) {
        await transfers.cleaned(transfers.record(scene.ids[0] ?? '').sessionId);
      } else {
        await Promise.all(scene.ids.map((id) => transfers.settled(id)));
      }
    };
    await Promise.race([rest(), this.#crashed]);
    if (this.#crashing !== null) {
      await this.#crashing;
      await this.#rig.restart();
      await rest();
    } else if (scene.cancelled === true) {
      await this.#rig.crashAndRestart(); // what could not be deleted is deleted by the next start
      await rest();
    }
    const codes: ErrorCode[] = [];
    for (const id of scene.ids) {
      const { state } = this.#rig.transfers.record(id);
      if (state.kind !== 'failed') continue;
      assert.notEqual(state.error.code, 'BUG', `it failed with ${state.error.message}`);
      codes.push(state.error.code);
      this.#rig.transfers.resume(id);
      await this.#rig.transfers.settled(id);
    }
    return codes;
  }
}
