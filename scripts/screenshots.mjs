// npm run screenshots: the pictures of the README, taken from the real app. See test/support/screenshots.ts.
import { join } from 'node:path';
import { run } from './lib/children.mjs';
import { obtainChromium } from './lib/chromium.mjs';
import { main, PlainError } from './lib/say.mjs';
import { setUp } from './lib/setup.mjs';

await main(async () => {
  const ready = await setUp({ build: true });
  const chromium = await obtainChromium(ready);
  if ('reason' in chromium) throw new PlainError(`No pictures could be taken: ${chromium.reason}.`);
  const script = join(ready.root, 'test', 'support', 'screenshots.ts');
  const ended = await run(ready.node, ['--disable-warning=ExperimentalWarning', script], {
    cwd: ready.root,
    env: { ...ready.env, SLUICE_CHROMIUM: chromium.path },
  });
  return ended.code;
});
