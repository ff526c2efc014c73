// npm run test:soak -- [--minutes N] [--seed S] ...: sets up and soaks. See test/soak/main.ts.
import { join } from 'node:path';
import { run } from './lib/children.mjs';
import { main } from './lib/say.mjs';
import { setUp } from './lib/setup.mjs';

await main(async () => {
  const { root, node, env } = await setUp({ build: false });
  const script = join(root, 'test', 'soak', 'main.ts');
  const ended = await run(node, ['--disable-warning=ExperimentalWarning', script, ...process.argv.slice(2)], {
    cwd: root,
    env,
  });
  return ended.code;
});
