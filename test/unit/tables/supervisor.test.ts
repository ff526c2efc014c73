import { describe, expect, test, vi } from 'vitest';
import type { ChildChannel } from '#main/ports';
import { AS_FOUND } from '#shared/domain';
import { watchMemory } from '#internal/main/tables/process/watchdog';
import { OVER_MEMORY, type Request, type Response, type TableSource } from '#internal/main/tables/protocol';
import { Supervisor } from '#internal/main/tables/supervisor';

/** A process that does as it is told by the test. */
class Puppet implements ChildChannel {
  readonly pid = 1;
  readonly got: Request[] = [];
  killed = false;
  #onMessage: (message: unknown) => void = () => undefined;
  readonly #onExit: ((how: string) => void)[] = [];

  send(message: unknown): void {
    this.got.push(message as Request);
  }
  onMessage(listener: (message: unknown) => void): void {
    this.#onMessage = listener;
  }
  onExit(listener: (how: string) => void): void {
    this.#onExit.push(listener);
  }
  kill(): void {
    this.killed = true;
    this.end('SIGKILL');
  }
  answer(response: Response): void {
    this.#onMessage(response);
  }
  end(how: string): void {
    for (const listener of this.#onExit) listener(how);
  }
  calls(): number[] {
    return this.got.flatMap((request) => (request.kind === 'call' ? [request.id] : []));
  }
}

function setUp() {
  const puppets: Puppet[] = [];
  const log = { info: vi.fn(), error: vi.fn() };
  const supervisor = new Supervisor(
    () => {
      const puppet = new Puppet();
      puppets.push(puppet);
      return puppet;
    },
    { workFolder: '/nowhere', memoryLimitMb: 1, spillLimitMb: null, threads: 1 },
    log,
  );
  return { puppets, supervisor, log };
}

const source = (path: string): TableSource => ({ path, reading: AS_FOUND });

describe('the keeper of the process', () => {
  test('starts none before it is needed, and one for all calls', () => {
    const { puppets, supervisor } = setUp();
    expect(puppets).toHaveLength(0);
    void supervisor.call('preview', { source: source('a') }, undefined);
    void supervisor.call('preview', { source: source('b') }, undefined);
    expect(puppets).toHaveLength(1);
    expect(puppets[0]?.got[0]).toMatchObject({ kind: 'open' });
  });

  test('kills a process that does not stop within a second, and asks the other calls again', async () => {
    vi.useFakeTimers();
    try {
      const { puppets, supervisor } = setUp();
      const controller = new AbortController();
      const stuck = supervisor.call('profile', { source: source('stuck') }, controller.signal);
      const other = supervisor.call('rejects', { source: source('other'), offset: 0, limit: 1 }, undefined);
      const stopped = expect(stuck).rejects.toMatchObject({ code: 'CANCELLED' });
      controller.abort();
      expect(puppets[0]?.got.at(-1)).toEqual({ kind: 'cancel', id: 1 });
      vi.advanceTimersByTime(999);
      expect(puppets[0]?.killed).toBe(false);
      vi.advanceTimersByTime(2);
      expect(puppets[0]?.killed).toBe(true);
      await stopped;
      expect(puppets).toHaveLength(2);
      expect(puppets[1]?.calls()).toEqual([2]);
      puppets[1]?.answer({ kind: 'done', id: 2, output: [] });
      expect(await other).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('fails what ran when the process died, and says how', async () => {
    const { puppets, supervisor, log } = setUp();
    const running = supervisor.call('preview', { source: source('a') }, undefined);
    puppets[0]?.end('SIGSEGV');
    await expect(running).rejects.toMatchObject({ code: 'TABLES_CRASHED', details: { reason: 'SIGSEGV' } });
    expect(log.error).toHaveBeenCalledOnce();
    void supervisor.call('preview', { source: source('a') }, undefined);
    expect(puppets).toHaveLength(2);
  });

  test('says when it was memory', async () => {
    const { puppets, supervisor } = setUp();
    const running = supervisor.call('preview', { source: source('a') }, undefined);
    puppets[0]?.end(`code ${OVER_MEMORY}`);
    await expect(running).rejects.toMatchObject({ code: 'TABLES_MEMORY', details: { limitMb: 1 } });
  });

  test('takes other limits with the next process, and lets what runs come to its end', async () => {
    const { puppets, supervisor } = setUp();
    const running = supervisor.call('preview', { source: source('a') }, undefined);
    supervisor.configure({ workFolder: '/nowhere', memoryLimitMb: 2, spillLimitMb: 3, threads: 1 });
    expect(puppets[0]?.got.at(-1)).toMatchObject({ kind: 'call' });
    puppets[0]?.answer({ kind: 'done', id: 1, output: [] });
    await running;
    expect(puppets[0]?.got.at(-1)).toEqual({ kind: 'close' });
    void supervisor.call('preview', { source: source('b') }, undefined);
    expect(puppets[1]?.got[0]).toMatchObject({
      kind: 'open',
      options: { memoryLimitMb: 2, spillLimitMb: 3 },
    });
    puppets[0]?.end('code 0'); // the old one has nothing to do with what runs now
    puppets[1]?.answer({ kind: 'done', id: 2, output: [] });
  });
});

test('a process that takes far more than it may is ended', () => {
  vi.useFakeTimers();
  try {
    let resident = 1_400_000_000;
    const end = vi.fn();
    const timer = watchMemory(1000, () => resident, end);
    vi.advanceTimersByTime(1000);
    expect(end).not.toHaveBeenCalled();
    resident = 1_600_000_000;
    vi.advanceTimersByTime(200);
    expect(end).toHaveBeenCalledOnce();
    clearInterval(timer);
  } finally {
    vi.useRealTimers();
  }
});
