import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { setupDrops } from '#internal/main/hosts/electron/drops';
import { createHandles } from '#internal/main/hosts/electron/handles';
import { isTrusted } from '#internal/main/hosts/electron/ipc';
import { invoke, resetDouble, WebContentsDouble } from '../../support/electron-double.ts';

beforeEach(resetDouble);

function ourPage() {
  const contents = new WebContentsDouble();
  contents.mainFrame.url = 'sluice://app/';
  return {
    contents,
    page: () => contents as never,
    event: { sender: contents, senderFrame: contents.mainFrame },
  };
}

describe('a sender', () => {
  test('is trusted as the top frame of our window on our page', () => {
    const { event, page } = ourPage();
    expect(isTrusted(event as never, page)).toBe(true);
  });

  test.each([
    ['a frame that is gone', (event: object) => ({ ...event, senderFrame: null })],
    [
      'a frame inside the page',
      (event: object) => ({ ...event, senderFrame: { url: 'sluice://app/frame.html' } }),
    ],
    ['another window', (event: object) => ({ ...event, sender: new WebContentsDouble() })],
  ])('is not trusted as %s', (_name, change) => {
    const { event, page } = ourPage();
    expect(isTrusted(change(event) as never, page)).toBe(false);
  });

  test('is not trusted on another page, nor without a window', () => {
    const { event, page, contents } = ourPage();
    expect(isTrusted(event as never, () => null)).toBe(false);
    contents.mainFrame.url = 'https://evil.example/';
    expect(isTrusted(event as never, page)).toBe(false);
  });
});

describe('dropped files', () => {
  const path = join(process.cwd(), 'häß 😀.csv');

  test('become handles that only the engine can read', async () => {
    const { event, page } = ourPage();
    const handles = createHandles([]);
    setupDrops(page, handles);
    const refs = (await invoke('sluice:dropped', event, [path, path])) as {
      kind: 'handle';
      handle: string;
    }[];
    expect(refs).toHaveLength(2);
    expect(refs[0]?.handle).not.toBe(refs[1]?.handle);
    expect(JSON.stringify(refs)).not.toContain('csv');
    expect(refs.map((ref) => handles.resolve(ref))).toEqual([path, path]);
  });

  test('are taken from nobody else', async () => {
    const { event, page } = ourPage();
    setupDrops(page, createHandles([]));
    await expect(invoke('sluice:dropped', { ...event, senderFrame: null }, [path])).rejects.toThrow(
      'not from our page',
    );
  });

  test.each([['no list'], [[1]], [['']], [[`${path}\0`]], [['relative.csv']]])(
    'are refused in another form: %j',
    async (...input) => {
      const { event, page } = ourPage();
      setupDrops(page, createHandles([]));
      await expect(invoke('sluice:dropped', event, ...input)).rejects.toThrow();
    },
  );
});

describe('handles', () => {
  const root = join(process.cwd(), 'downloads');
  const inside = join(root, 'a', 'b.csv');

  test('nobody else can make one', () => {
    const handles = createHandles([]);
    const resolve = () => handles.resolve({ kind: 'handle', handle: 'guess' });
    expect(resolve).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });

  test('a path is only taken inside the folders that are open', () => {
    const handles = createHandles([root]);
    expect(handles.resolve({ kind: 'path', path: inside })).toBe(inside);
    expect(handles.resolve({ kind: 'path', path: root })).toBe(root);
    for (const path of [
      join(root, '..', 'other.csv'),
      `${root}-other/x.csv`,
      `${root}/../x.csv`,
      'downloads/a.csv',
      `${inside}\0`,
    ]) {
      const resolve = () => handles.resolve({ kind: 'path', path });
      expect(resolve, path).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    }
  });

  test('a folder that was chosen to save in is open from then on', () => {
    const handles = createHandles([]);
    const { file } = handles.giveFolder(root);
    expect(handles.resolve(file)).toBe(root);
    expect(handles.resolve({ kind: 'path', path: inside })).toBe(inside);
  });
});
