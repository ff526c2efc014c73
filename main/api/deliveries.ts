import { randomUUID } from 'node:crypto';
import type { Journal } from '#main/journal';
import type { Clock, Log } from '#main/ports';
import type { Outputs } from '#main/sessions';
import { createTargets, type DeliveryIntent, type DeliveryLog } from '#main/targets';
import type { Delivery, DeliveryState, Output } from '#shared/domain';
import { isSluiceError, sluiceError, toSluiceError } from '#shared/errors';
import type { ChangeHub } from './changes.ts';

export interface DeliveriesOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly outputs: Outputs;
  readonly changes: ChangeHub;
  /** A folder of our own, for what is being added. */
  readonly folder: string;
}

/** Outputs appended to spreadsheets, each exactly once, whatever happens meanwhile. */
export interface Deliveries {
  /** Resolves once the rows are in, on the disk; rejects with the target as it was before. */
  deliver(output: Output, path: string, signal: AbortSignal): Promise<Delivery>;
  /** Brings what an earlier process was cut off in to its end. */
  recover(): Promise<void>;
}

export function createDeliveries({
  journal,
  clock,
  log,
  outputs,
  changes,
  folder,
}: DeliveriesOptions): Deliveries {
  const targets = createTargets({ log: journalledLog(journal, clock), folder });
  let recovered: Promise<void> | null = null;

  const end = (id: string, state: DeliveryState): Delivery => {
    journal.deliveries.saveState(id, state, clock.now());
    const ended = journal.deliveries.get(id);
    if (ended === null) throw sluiceError('NOT_FOUND', { what: 'such delivery' });
    changes.delivery(ended);
    journal.activity.add({
      at: clock.now(),
      sessionId: ended.sessionId,
      action: 'append',
      subject: ended.target.path,
      outcome: state.kind === 'done' ? 'ok' : 'failed',
      detail: state.kind === 'done' ? `${state.rows} rows` : state.kind === 'failed' ? state.error.code : '',
    });
    return ended;
  };

  const recover = async (): Promise<void> => {
    for (const outcome of await targets.recover()) {
      if (outcome.kind === 'done') end(outcome.id, { kind: 'done', rows: outcome.rows });
      else if (outcome.kind === 'failed') end(outcome.id, { kind: 'failed', error: outcome.error.report() });
      else log.error(`delivery ${outcome.id} waits for its target`, outcome.error);
    }
  };

  return {
    recover: () => (recovered ??= recover()),
    async deliver(output, path, signal) {
      await (recovered ??= recover());
      if (output.format !== 'csv') {
        throw sluiceError('INPUT_INVALID', { what: 'only an output in CSV can be appended to a CSV file' });
      }
      // Its numbers, its separators and its first bytes are for a spreadsheet to open, not for another file.
      if ((journal.runs.get(output.runId)?.options.csv.dialect ?? 'plain') !== 'plain') {
        const what =
          'an output in CSV for spreadsheets cannot be appended to a CSV file; write plain CSV too';
        throw sluiceError('INPUT_INVALID', { what });
      }
      const delivery: Delivery = {
        id: randomUUID(),
        sessionId: output.sessionId,
        outputId: output.id,
        target: { kind: 'csv-file', path },
        state: { kind: 'appending' },
        createdAt: clock.now(),
        finishedAt: null,
      };
      const outputPath = await outputs.local(output.id, signal);
      journal.deliveries.insert(delivery);
      changes.delivery(delivery);
      try {
        const { rows } = await targets.deliver({ id: delivery.id, outputPath, targetPath: path, signal });
        return end(delivery.id, { kind: 'done', rows });
      } catch (error) {
        if (!isSluiceError(error)) log.error(`appending to ${path} failed`, error);
        end(delivery.id, { kind: 'failed', error: toSluiceError(error).report() });
        throw error;
      }
    },
  };
}

/** What the targets must find again after a crash, kept with the delivery itself. */
function journalledLog({ deliveries }: Journal, clock: Clock): DeliveryLog {
  const intentOf = (id: string): DeliveryIntent | null => {
    const text = deliveries.intent(id);
    return text === null ? null : (JSON.parse(text) as DeliveryIntent);
  };
  return {
    intent: (intent) => deliveries.saveIntent(intent.id, JSON.stringify(intent)),
    done(id) {
      const intent = intentOf(id);
      if (intent !== null) deliveries.saveState(id, { kind: 'done', rows: intent.rows }, clock.now());
    },
    withdraw: (id) => deliveries.saveIntent(id, null),
    find(id) {
      const intent = intentOf(id);
      if (intent === null) return null;
      return { intent, state: deliveries.get(id)?.state.kind === 'done' ? 'done' : 'pending' };
    },
    pending: () => deliveries.unfinished().flatMap(({ id }) => intentOf(id) ?? []),
  };
}
