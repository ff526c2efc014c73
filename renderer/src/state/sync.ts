import { type Engine, external, type External } from '#renderer/lib';
import { type EngineState } from './engine-state.ts';

const AGAIN_MS = 300;
const DOWNLOADS_KEPT = 200;

export interface Sync {
  /** Whether the lists were read since the page opened. */
  readonly ready: External<boolean>;
  /** Why they could not be read, where that is not the connection's fault. */
  readonly error: External<unknown>;
}

/** Keeps a state true to its engine until the signal aborts: reads the lists, then applies what changes. */
export function keepInSync(engine: Engine, state: EngineState, signal: AbortSignal): Sync {
  const ready = external(false);
  const error = external<unknown>(null);
  const follow = async () => {
    while (!signal.aborted) {
      try {
        await followOnce(engine, state, signal, () => {
          ready.set(true);
          error.set(null);
        });
      } catch (cause) {
        if (engine.link.state().kind === 'connected') error.set(cause);
      }
      await new Promise((resolve) => {
        setTimeout(resolve, AGAIN_MS);
      });
    }
  };
  void follow();
  return { ready, error };
}

/** Ends when the stream does. Listens before it reads, so that nothing can fall between the two. */
async function followOnce(
  { client }: Engine,
  state: EngineState,
  signal: AbortSignal,
  onReady: () => void,
): Promise<void> {
  const changes = await client.system.changes(undefined, { signal });
  let read: Promise<void> | null = null;
  for await (const batch of changes) {
    state.apply(batch);
    read ??= readLists(client, state).then(onReady);
    // A list that cannot be read must end the stream's turn, not go unseen.
    if (batch.length === 0) await read;
  }
}

async function readLists(client: Engine['client'], state: EngineState): Promise<void> {
  const [info, preferences, limits, connections, sessions, downloads] = await Promise.all([
    client.system.info(),
    client.system.preferences(),
    client.limits.get(),
    client.connections.list(),
    client.sessions.list(),
    client.downloads.list({ limit: DOWNLOADS_KEPT }),
  ]);
  state.info.set(info);
  state.preferences.set(preferences);
  state.limits.set(limits);
  state.connections.set(connections);
  state.sessions.replace(sessions);
  state.downloads.replace(downloads);
  for (const list of state.openLists()) list.reset();
  await state.readHeld();
  state.count();
}
