import { expect, test, vi } from 'vitest';
import { sluiceError } from '#shared/errors';
import { PageUploads } from '#internal/renderer/src/uploads/queue';
import { type SendPorts } from '#internal/renderer/src/uploads/send-file';
import { type Found } from '#internal/renderer/src/uploads/walk';
import { sessionOf, transferOf } from '#internal/test/support/fake-engine/data';

type Engine = SendPorts['engine'];

/** As a folder is walked: a few at a time. */
async function* foundIn(names: readonly string[]): AsyncGenerator<Found> {
  for (let from = 0; from < names.length; from += 100) {
    await Promise.resolve();
    const files = names.slice(from, from + 100).map((name) => ({
      relativePath: `folder/${name}`,
      open: () => Promise.resolve(new File(['abc'], name)),
    }));
    yield { files, refused: [] };
  }
}

/** An engine that takes every file but those named bad, each in one part. */
function world() {
  let beginning = 0;
  let most = 0;
  let verdict: 'go-on' | 'paused' | 'stopped' = 'go-on';
  const begun: { name: string; sessionId: string | null }[] = [];
  const transferFor = (name: string) =>
    transferOf(
      's-new',
      `f-${name}`,
      { name, size: 3, page: true, state: { kind: 'transferring' }, parts: [{ state: 'waiting', count: 1 }] },
      0,
    );
  const engine: Engine = {
    begin: async ({ name, sessionId }) => {
      beginning += 1;
      most = Math.max(most, beginning);
      await Promise.resolve();
      beginning -= 1;
      if (name.startsWith('bad')) throw sluiceError('SOURCE_EMPTY', { path: name });
      begun.push({ name, sessionId });
      const transfer = transferFor(name);
      return {
        session: sessionOf('s-new', 'new', 0, [transfer], 0),
        transfer,
        parts: transfer.parts,
      };
    },
    sign: ({ parts }) =>
      Promise.resolve(parts.map(({ number }) => ({ number, url: 'https://store/', headers: {} }))),
    report: () => Promise.resolve({ state: verdict }),
    complete: ({ id }) => Promise.resolve({ ...transferFor(id), state: { kind: 'done' } }),
  };
  const uploads = new PageUploads(engine, {
    hash: () => Promise.resolve('AAAAAA=='),
    put: () => Promise.resolve({ etag: null }),
  });
  const add = (...names: string[]) => {
    const sessions: string[] = [];
    const refused: string[] = [];
    const finished = uploads.add({
      sessionId: null,
      connectionId: null,
      found: foundIn(names),
      places: new Map(),
      onSession: (id) => sessions.push(id),
      onBegun: (all) => refused.push(...all.map(({ name, error }) => `${name} ${error.code}`)),
    });
    return { sessions, refused, finished };
  };
  const say = (next: typeof verdict) => {
    verdict = next;
  };
  return { uploads, begun, say, add, transferFor, most: () => most };
}

test('files of one drop share the session that the first of them made', async () => {
  const { uploads, begun, add } = world();
  const { sessions, refused, finished } = add('a', 'b', 'c', 'd');
  await finished;
  expect(begun[0]).toEqual({ name: 'a', sessionId: null });
  expect(begun.slice(1).map(({ sessionId }) => sessionId)).toEqual(['s-new', 's-new', 's-new']);
  expect(sessions).toEqual(['s-new']);
  expect(refused).toEqual([]);
  await vi.waitFor(() => expect(uploads.view.get()).toMatchObject({ pending: 0, active: 0 }));
});

test('of thousands, only those whose turn it is are begun', async () => {
  const { uploads, begun, add, most } = world();
  let pending = 0;
  uploads.view.subscribe(() => (pending = Math.max(pending, uploads.view.get().pending)));
  const { finished, sessions } = add(...Array.from({ length: 3000 }, (_, index) => `file-${index}`));
  await finished;
  await vi.waitFor(() => expect(uploads.view.get()).toMatchObject({ pending: 0, active: 0 }), 20_000);
  expect(begun).toHaveLength(3000);
  expect(sessions).toEqual(['s-new']);
  expect(most()).toBeLessThanOrEqual(3);
  expect(pending).toBeGreaterThan(1000);
});

test('one that is refused is told, and the others go on', async () => {
  const { uploads, begun, add } = world();
  const { refused, finished } = add('bad-1', 'a', 'bad-2', 'b');
  await finished;
  expect(refused.toSorted()).toEqual(['folder/bad-1 SOURCE_EMPTY', 'folder/bad-2 SOURCE_EMPTY']);
  expect(begun.map(({ name }) => name)).toEqual(['a', 'b']);
  await vi.waitFor(() => expect(uploads.view.get()).toMatchObject({ pending: 0, active: 0 }), 20_000);
});

test('begins nothing while all is paused', async () => {
  const { uploads, begun, add } = world();
  uploads.pause();
  const { finished } = add('a', 'b');
  await new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
  expect(begun).toEqual([]);
  expect(uploads.view.get()).toMatchObject({ pending: 2, held: true });
  uploads.resume();
  await finished;
  expect(begun).toHaveLength(2);
});

test('begins again with an engine that was started anew', async () => {
  const { uploads, begun, say, add, transferFor } = world();
  say('stopped');
  await add('a').finished;
  await vi.waitFor(() => expect(uploads.view.get().active).toBe(0), 20_000);
  expect(uploads.holds('f-a')).toBe(true);
  say('go-on');
  const error = sluiceError('SOURCE_GONE', { name: 'a' }).report();
  uploads.saw([{ ...transferFor('a'), state: { kind: 'waiting', reason: 'page', error } }]);
  await vi.waitFor(() => expect(uploads.holds('f-a')).toBe(false), 20_000);
  expect(begun).toEqual([
    { name: 'a', sessionId: null },
    { name: 'a', sessionId: 's-new' },
  ]);
});
