import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Flows, LocalCopies, Runs } from '#main/sessions';
import { cleanRecipe, flowDraft, PLAIN_OUTPUTS, type FlowRule, type Run } from '#shared/domain';
import { startRig, type UploadRig } from '../../support/upload-rig.ts';
import { openRoom, type Room } from '../tables/support.ts';

let room: Room;
let rig: UploadRig;
beforeAll(async () => (room = await openRoom()));
afterAll(() => room.close());
beforeEach(async () => (rig = await startRig()));
afterEach(() => rig.close());

const ORDERS = 'id,amount\n1,2.5\n2,3.5\n2,3.5\n';

function open() {
  const { connections, clock, ...rooms } = rig.rooms();
  const { tables } = room;
  const copies = new LocalCopies(join(rig.folder, 'copies'), connections, clock);
  const notifier = { notify: () => undefined };
  const runs = new Runs({ ...rooms, connections, clock, copies, tables, notifier });
  const flows = new Flows({ ...rooms, clock, copies, tables, runs });
  rig.transfers.onChange((id) => flows.changed(id));
  return { runs, flows };
}

async function upload(name: string, content = ORDERS): Promise<string> {
  const path = join(rig.folder, name);
  writeFileSync(path, content);
  const id = rig.add(path, content.length);
  expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
  return id;
}

const draft = (rule: FlowRule, enabled = true) => ({
  name: 'Orders',
  enabled,
  rule,
  recipe: cleanRecipe(),
  formats: ['csv' as const],
  options: PLAIN_OUTPUTS,
});

const runsOf = (id: string): readonly Run[] =>
  rig.journal.runs.list(rig.transfers.record(id).sessionId).filter(({ transferId }) => transferId === id);

async function done(id: string): Promise<Run> {
  await expect.poll(() => runsOf(id)[0]?.state.kind, { timeout: 15_000 }).toBe('done');
  const [run] = runsOf(id);
  if (run === undefined) throw new Error('it was begun');
  return run;
}

test('an upload with the same columns is run by itself, once, and its outputs are not', async () => {
  const before = await upload('before.csv');
  const { runs, flows } = open();
  const flow = flows.save(null, draft({ columns: ['amount', 'id'], namePattern: null }));
  const orders = await upload('orders.csv');
  const other = await upload('other.csv', 'id,price\n1,2\n');
  const picture = await upload('picture.png', '\u0089PNG\r\n\u001A\n\u0000\u0000');
  const run = await done(orders);
  expect(run).toMatchObject({ flow: { id: flow.id, name: 'Orders' }, counts: { rowsOut: 2, duplicates: 1 } });
  await flows.idle();
  expect([before, other, picture].flatMap(runsOf)).toEqual([]);
  flows.changed(orders);
  flows.recover();
  await flows.idle();
  // What it made has the same columns.
  expect(runsOf(orders)).toHaveLength(1);
  const [output] = rig.journal.outputs.list(run.sessionId);
  expect(output).toMatchObject({ stored: true, format: 'csv' });
  expect(runsOf(output?.transferId ?? '')).toEqual([]);
  // Not even brought back as a file of its own.
  const again = join(rig.folder, 'again.csv');
  copyFileSync(join(rig.folder, 'copies', output?.id ?? '', output?.name ?? ''), again);
  const brought = rig.add(again, output?.size ?? 0);
  await rig.transfers.settled(brought);
  await flows.idle();
  expect(runsOf(brought)).toEqual([]);
  await flows.close();
  await runs.close();
});

test('a name can be what it is for; switched off it does nothing, and later does not catch up', async () => {
  const { runs, flows } = open();
  const rule = { columns: null, namePattern: 'ORDERS-*.csv' };
  const flow = flows.save(null, draft(rule, false));
  const first = await upload('orders-1.csv');
  await flows.idle();
  flows.save(flow.id, draft(rule));
  flows.recover();
  await flows.idle();
  const second = await upload('orders-2.csv');
  const third = await upload('invoices-2.csv');
  await done(second);
  await flows.idle();
  expect([first, third].flatMap(runsOf)).toEqual([]);
  flows.remove(flow.id);
  expect(flows.list()).toEqual([]);
  expect(() => flows.remove(flow.id)).toThrow('There is no such flow');
  await flows.close();
  await runs.close();
});

test('what ended while the engine was away is looked at when it starts', async () => {
  const first = open();
  const flow = first.flows.save(null, draft({ columns: ['id', 'amount'], namePattern: null }));
  await first.flows.close();
  await first.runs.close();
  const id = await upload('orders.csv');
  expect(runsOf(id)).toEqual([]);
  const { runs, flows } = open();
  flows.recover();
  expect((await done(id)).flow?.id).toBe(flow.id);
  await flows.close();
  await runs.close();
});

test('a rule that says nothing is none', () => {
  expect(flowDraft.safeParse(draft({ columns: null, namePattern: null })).success).toBe(false);
});
