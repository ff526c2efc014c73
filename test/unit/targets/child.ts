// A process that recovers, then delivers, and kills itself at the moment it was told; run by kill.test.ts.
import { createTargets } from '#main/targets';
import { sqliteDeliveryLog } from './sqlite-log.ts';

const [folder = '', output = '', target = '', moment = 'never'] = process.argv.slice(2);
const [killPoint, killCount = '1'] = moment.split(':');
let seen = 0;

const targets = createTargets({
  log: sqliteDeliveryLog(`${folder}/log.db`),
  folder: `${folder}/spool`,
  pieceBytes: 512,
  checkpoint(point) {
    if (point !== killPoint) return;
    seen += 1;
    if (seen === Number(killCount)) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write('ready\n');
await targets.recover();
await targets.deliver({
  id: 'delivery-1',
  outputPath: output,
  targetPath: target,
  signal: new AbortController().signal,
});
