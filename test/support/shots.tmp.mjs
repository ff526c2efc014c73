import { chromium } from '/work/wt/renderer/node_modules/@playwright/test/index.mjs';
import { serveFake } from '/work/wt/renderer/test/support/fake-engine/index.ts';
import { mkdir } from 'node:fs/promises';
const OUT='/tmp/shots'; await mkdir(OUT,{recursive:true});
const only = process.argv[2] ? new RegExp(process.argv[2]) : /./;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const SB='s4';
const steps = {
  'home-empty': ['empty', async (p) => {}],
  'home': ['busy', async (p) => {}],
  'files': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/files'); }],
  'files-details': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/files'); await p.getByRole('grid',{name:/Files of/}).focus(); await p.keyboard.press('ArrowDown'); }],
  'files-failed': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/files'); await p.locator('.file-row', {hasText:'payroll'}).click(); }],
  'files-waiting': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/files'); await p.locator('.file-row', {hasText:'telemetry'}).click(); }],
  'files-done': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/files'); await p.locator('.file-row', {hasText:'Größen'}).click(); await p.waitForTimeout(200)}],
  'files-none': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s3/files'); }],
  'data': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/data'); }],
  'data-error': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/data'); await p.getByRole('combobox',{name:/File to look/}).click(); await p.getByRole('option',{name:/telemetry/}).click(); }],
  'data-column': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/data'); await p.locator('.segmented, [role=radiogroup]').getByText('Profile').click(); await p.waitForTimeout(400); await p.getByRole('button',{name:'amount'}).click(); }],
  'data-rejects': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/data'); await p.getByText('Rejected lines').click(); }],
  'data-asking': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/data'); await p.getByRole('combobox',{name:/File to look/}).click(); await p.getByRole('option',{name:/customers/}).click(); await p.waitForTimeout(150); await p.locator('[role=radiogroup]').getByText('Profile').click(); await p.waitForTimeout(1200)}],
  'process': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/process'); }],
  'process-run': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/process'); await p.locator('.run-main').nth(1).click(); await p.getByRole('button',{name:'Show the SQL it ran'}).click(); }],
  'results': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/results'); await p.waitForTimeout(200); await p.locator('.output-row',{hasText:'clean.csv'}).click(); }],
  'results-none': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s1/results'); }],
  'results-desktop': ['desktop', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/results'); await p.waitForTimeout(200); await p.locator('.output-row',{hasText:'clean.csv'}).click(); await p.getByText('Show the first rows').click(); }],
  'activity': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/files'); await p.getByRole('button',{name:'Activity'}).click(); }],
  'connections': ['busy', async (p) => { await p.getByRole('button',{name:/Connections/}).click(); await p.getByText('research-raw').last().click(); await p.getByRole('button',{name:'Run the doctor'}).click(); await p.waitForTimeout(400)}],
  'connection-add': ['busy', async (p) => { await p.getByRole('button',{name:/Connections/}).click(); await p.getByRole('button',{name:'Add a connection'}).click(); await p.getByLabel('Keys').selectOption('keys'); await p.getByRole('button',{name:'Add it'}).click(); }],
  'palette': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/files'); await p.keyboard.press('Control+k'); }],
  'keys': ['busy', async (p) => { await p.keyboard.press('?'); }],
  'picker': ['busy', async (p) => { await p.getByRole('button',{name:/computer Sluice runs/}).click(); await p.waitForTimeout(300); await p.getByRole('grid',{name:/Entries/}).focus(); await p.keyboard.press('e'); await p.keyboard.press(' '); await p.keyboard.press('ArrowDown'); await p.waitForTimeout(900); await p.keyboard.press(' ');}],
  'picker-error': ['busy', async (p) => { await p.getByRole('button',{name:/computer Sluice runs/}).click(); await p.waitForTimeout(300); await p.getByLabel('Folder or file path').fill('/root'); await p.keyboard.press('Enter'); }],
  'remove': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/files'); await p.getByRole('button',{name:'More for this session'}).click(); await p.getByText('Delete the session').click(); }],
  'lost': ['busy', async (p, e) => { await p.goto(p.url().split('#')[0]+'#/s/s4/files'); await p.waitForTimeout(200); await p.context().setOffline(true); e.drop(); await p.waitForTimeout(800)}],
  'refused': ['busy', async (p, e) => { e.refuse(); e.drop(); await p.waitForTimeout(600)}],
  'drop': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/files'); await p.waitForTimeout(200); await p.evaluate(() => { const d = new DataTransfer(); d.items.add(new File(['a'],'a.csv')); d.items.add(new File(['b'],'b.csv')); window.dispatchEvent(new DragEvent('dragenter',{dataTransfer:d,bubbles:true})); document.querySelector('#main').dispatchEvent(new DragEvent('dragover',{dataTransfer:d,bubbles:true,cancelable:true})); }); }],
  'many': ['many', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/files'); }],
  'wide': ['busy', async (p) => { await p.goto(p.url().split('#')[0]+'#/s/s4/data'); await p.getByRole('combobox',{name:/File to look/}).click(); await p.getByRole('option',{name:/warehouse/}).click(); }],
};
const variants = [['l14',1440,900,'light'],['d14',1440,900,'dark'],['l10',1024,700,'light']];
const pick = process.argv[3] ? process.argv[3].split(",") : ["l14"];
for (const [name,[scene,act]] of Object.entries(steps)) {
  if (!only.test(name)) continue;
  for (const [v,w,h,scheme] of variants) {
    if (!pick.includes(v)) continue;
    const engine = await serveFake('/tmp/sluice-page', scene);
    const ctx = await browser.newContext({ viewport:{width:w,height:h}, colorScheme: scheme, reducedMotion:'reduce', permissions:['clipboard-write'] });
    const page = await ctx.newPage();
    page.on('console', m => { if (['error','warning'].includes(m.type())) console.log(name, m.text()); });
    page.on('pageerror', e => console.log(name, 'PAGEERROR', e.message));
    page.setDefaultTimeout(4000);
    try {
      await page.goto(engine.url); await page.waitForSelector('.shell'); await act(page, engine); await page.waitForTimeout(350);
    } catch (e) { console.log(name, 'FAILED', e.message.split('\n').slice(0,6).join(' | ')); }
    await page.screenshot({ path: `${OUT}/${name}-${v}.png` });
    await ctx.close(); await engine.close();
  }
}
await browser.close();
