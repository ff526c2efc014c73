import type { Browser } from '@playwright/test';

export interface Scrolled {
  readonly frames: number;
  /** The most script between the begin of one frame and of the next, in ms of its thread. */
  readonly longestMs: number;
  /** The longest any one task kept the page's thread. */
  readonly longestTaskMs: number;
}

const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline.frame', 'toplevel'];

/** Scrolls the list of the first session by wheel, by key and by jumps, and reads from a trace what script it took. */
export async function scrollThrough(browser: Browser, address: string): Promise<Scrolled> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(60_000);
  await page.goto(address);
  await page.getByRole('grid', { name: 'Sessions, newest first' }).getByRole('row').first().click();
  const list = page.getByRole('grid', { name: 'Files of this session' });
  await list.getByText('reading-0.csv').first().waitFor();
  await page.waitForLoadState('networkidle');

  await browser.startTracing(page, { categories: CATEGORIES });
  const box = await list.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 200, (box?.y ?? 0) + 200);
  for (let turn = 0; turn < 120; turn += 1) await page.mouse.wheel(0, 40 + turn * 20);
  await list.focus();
  for (let press = 0; press < 30; press += 1) await page.keyboard.press('PageDown');
  await page.evaluate(JUMP);
  const trace = JSON.parse((await browser.stopTracing()).toString('utf8')) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  await page.close();
  return framesOf(trace.traceEvents);
}

/** Through all of it, a hundredth a frame. Runs in the page. */
const JUMP = `(async () => {
  const list = document.querySelector('[role="grid"][aria-label="Files of this session"]');
  for (let step = 0; step <= 100; step += 1) {
    list.scrollTop = (list.scrollHeight * step) / 100;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
})()`;

export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Of it, how much the thread really ran: a busy machine takes the rest. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

const SCRIPT = new Set([
  'FunctionCall',
  'EvaluateScript',
  'RunMicrotasks',
  'FireAnimationFrame',
  'TimerFire',
  'EventDispatch',
]);
const FRAME = 'BeginMainThreadFrame';

/** @param events of a trace of one page, with what its main thread did */
export function framesOf(events: readonly TraceEvent[]): Scrolled {
  const frameStart = events.find(({ name }) => name === FRAME);
  if (frameStart === undefined) throw new Error('The trace has no frames: nothing was drawn');
  const mine = events
    .filter(({ pid, tid }) => pid === frameStart.pid && tid === frameStart.tid)
    .toSorted((a, b) => a.ts - b.ts);
  const frames: number[] = [];
  let script = 0;
  let until = 0;
  let longestTask = 0;
  for (const { name, ts, dur = 0, tdur = dur } of mine) {
    if (name === FRAME) {
      frames.push(script);
      script = 0;
    }
    if (name === 'RunTask' || name === 'ThreadControllerImpl::RunTask')
      longestTask = Math.max(longestTask, tdur);
    // What runs inside of other script is counted with it.
    if (!SCRIPT.has(name) || ts < until) continue;
    script += tdur;
    until = ts + dur;
  }
  frames.push(script);
  return {
    frames: frames.length,
    longestMs: Math.max(...frames) / 1000,
    longestTaskMs: longestTask / 1000,
  };
}
