#!/usr/bin/env node
// npm run -s sluice -- COMMAND: the command line, set up first where that is needed. Nothing of ours goes to stdout.
import { run } from './lib/children.mjs';
import { main } from './lib/say.mjs';
import { callersFolder, cliCommand, setUp } from './lib/setup.mjs';

await main(async () => {
  const { root, node, env } = await setUp({ build: true });
  const ended = await run(node, [...cliCommand(root), ...process.argv.slice(2)], {
    cwd: callersFolder(),
    env,
  });
  return ended.code;
});
