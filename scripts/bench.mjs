// npm run -s bench -- [NAME...] [--json] [--quick] [--long] [--rounds N]: sets up and measures. See test/bench/main.ts.
import { join } from 'node:path';
import { run } from './lib/children.mjs';
import { main } from './lib/say.mjs';
import { setUp } from './lib/setup.mjs';

await main(async () => {
  const { root, node, env } = await setUp({ build: true });
  const script = join(root, 'test', 'bench', 'main.ts');
  const ended = await run(node, ['--disable-warning=ExperimentalWarning', script, ...process.argv.slice(2)], {
    cwd: root,
    env,
  });
  return ended.code;
});
