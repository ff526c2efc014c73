// docs/errors.md from the catalogue of errors. With --check it writes nothing and fails where the two differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { run } from './lib/children.mjs';
import { majorOf } from './lib/npm.mjs';
import { main, PlainError, say } from './lib/say.mjs';
import { ROOT, setUp } from './lib/setup.mjs';
import { NODE_MAJOR } from './lib/toolchain.mjs';

export const ERRORS_DOC = join(ROOT, 'docs', 'errors.md');

const HEAD = `# Errors

Everything that can fail for you has a code, one plain sentence, and the next thing to do. The code never changes once it is
released; sentences may. On the command line the code comes first, on stderr; in the app it is under the sentence, in the
details. What stands in braces is filled in when it happens.

*Try again* says whether the same thing can work another time: **now** (as things are), **after** doing what the hint says, or
**never**. What each code means for a script, its exit code, is in [cli.md](cli.md#exit-codes).

This page is made from \`shared/errors/catalogue.ts\` by \`node scripts/errors-doc.mjs\`; a test holds the two together.

| code | what it says | what to do | try again |
| --- | --- | --- | --- |
`;

const RETRY = /** @type {const} */ ({ now: 'now', 'after-fix': 'after', never: 'never' });

/** Gives every detail its own name in braces, whatever a sentence asks for. */
const named = /** @type {never} */ (new Proxy({}, { get: (_, name) => `{${String(name)}}` }));

/** @param {string} text */
const cell = (text) => text.replaceAll('|', '\\|');

/**
 * @param {typeof import('../shared/errors/catalogue.ts').catalogue} catalogue
 * @returns {string} the whole page
 */
export function errorsDoc(catalogue) {
  const lines = Object.entries(catalogue).map(([code, entry]) => {
    const fields = [`\`${code}\``, cell(entry.message(named)), cell(entry.hint(named)), RETRY[entry.retry]];
    return `| ${fields.join(' | ')} |`;
  });
  return `${HEAD}${lines.join('\n')}\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    if (majorOf(process.versions.node) < NODE_MAJOR) {
      const { node, env } = await setUp({ build: false });
      return (await run(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { env })).code;
    }
    const { catalogue } = await import('../shared/errors/catalogue.ts');
    const wanted = errorsDoc(catalogue);
    if (!process.argv.includes('--check')) {
      writeFileSync(ERRORS_DOC, wanted);
      return 0;
    }
    if (readFileSync(ERRORS_DOC, 'utf8') !== wanted) {
      throw new PlainError(
        'docs/errors.md is not what the catalogue of errors says.',
        'Run node scripts/errors-doc.mjs.',
      );
    }
    say('docs/errors.md matches the catalogue.');
    return 0;
  });
}
