import { readFile, writeFile } from 'node:fs/promises';
import { MantineProvider } from '@mantine/core';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { theme, variables } from '#internal/renderer/src/app/theme';

const FILE = new URL('../../../renderer/src/app/theme-variables.css', import.meta.url);
const HEAD =
  '/* What Mantine would put into a style element for our theme, which the page forbids. Written by its test: UPDATE_THEME=1. */';

/** The style element that Mantine makes, one declaration a line. */
function generated(): string {
  const markup = renderToStaticMarkup(
    createElement(
      MantineProvider,
      { theme, cssVariablesResolver: variables, withGlobalClasses: false },
      'page',
    ),
  );
  const css = /<style[^>]*>([\s\S]*?)<\/style>/.exec(markup)?.[1] ?? '';
  const text = css
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
  const lines = text.replaceAll(/\s*([{};])\s*/g, '$1\n').split('\n');
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => (/[{}]$/.test(line) ? line : `  ${line}`))
    .join('\n')
    .replaceAll(/([^\s{])\{\n/g, '$1 {\n');
}

test('the static variables are those of the theme', async () => {
  const wanted = `${HEAD}\n${generated()}\n`;
  if (process.env['UPDATE_THEME'] !== undefined) await writeFile(FILE, wanted);
  const found = await readFile(FILE, 'utf8');
  const plain = (css: string) => css.replaceAll(/\s+/g, ' ').replaceAll('"', "'");
  expect(plain(found)).toBe(plain(wanted));
});
