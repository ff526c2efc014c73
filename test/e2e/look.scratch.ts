import { mkdirSync } from 'node:fs';
import { dataFolder, startEngine } from './support/engine.ts';
import { launchChromium } from '../support/fake-engine/browser.ts';
import { drop, open, fileRow, tab } from './support/page.ts';

const OUT = '/tmp/look';
mkdirSync(OUT, { recursive: true });
const folder = dataFolder();
const engine = await startEngine({ data: folder.path });
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on('console', (m) => m.type() === 'error' && console.log('CONSOLE', m.text()));
  page.on('pageerror', (e) => console.log('PAGEERROR', e.message));
  const rows = Array.from({ length: 60 }, (_, i) =>
    `${i % 10 === 3 ? '' : i},"  ${['Anna', 'Bert ', 'Cleo'][i % 3]}",${['Köln', 'Paris', 'paris', ''][i % 4]},${i % 7 === 0 ? '' : (i * 1.5).toFixed(2)},2026-03-${String((i % 28) + 1).padStart(2, '0')},${i % 3 === 0 ? 'yes' : 'no'}`);
  const csv = `id,customer name that is long,city,amount,ordered,paid\n${rows.join('\n')}\n${rows.slice(0, 3).join('\n')}\n`;
  const wide = `${Array.from({ length: 100 }, (_, i) => `measurement_of_channel_${i}_at_station_with_a_long_name`).join(',')}\n${Array.from({ length: 20 }, (_, r) => Array.from({ length: 100 }, (_, c) => r * c).join(',')).join('\n')}\n`;
  await open(page, engine.address);
  await drop(page, [{ name: 'orders.csv', content: csv }, { name: 'wide.csv', content: wide }]);
  await fileRow(page, 'orders.csv').getByText('Proven').waitFor();
  await tab(page, 'Process');
  const shot = async (name: string, wait = 900) => { await page.waitForTimeout(wait); await page.screenshot({ path: `${OUT}/${name}.png` }); };
  const { scenes } = await import('/tmp/look/scenes.ts');
  await scenes(page, shot);
} finally {
  await browser.close();
  await engine.stop().catch(() => undefined);
  engine.sweep();
  folder.remove();
}
