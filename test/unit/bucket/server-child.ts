/** The bucket in a process of its own, to be killed or measured. Prints its origin once it listens. */
import { startBucketServer } from '#main/bucket';
import { optionsFor } from './support.ts';

const [root = ''] = process.argv.slice(2);
const server = await startBucketServer({
  ...optionsFor(root),
  log: (message, error) => console.error(message, error),
});
console.log(server.origin);
process.on('SIGTERM', () => {
  process.stdin.destroy();
  void server.close();
});
process.stdin.on('end', () => process.exit());
process.stdin.resume();
