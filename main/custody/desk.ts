import type { Journal, SessionRecord } from '#main/journal';
import type { Clock } from '#main/ports';
import { safeName, type Connections } from '#main/storage';
import type { Transfers } from '#main/transfers';
import type { FileCheck, Verification } from '#shared/domain';
import { isSluiceError } from '#shared/errors';
import { readManifest } from './read-manifest.ts';
import { receiptPage } from './receipt-page.ts';
import { receiptName } from './save.ts';
import { verify } from './verify.ts';

export interface CustodyDeskOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly connections: Connections;
  readonly transfers: Transfers;
  /** @throws NOT_FOUND */
  readonly sessionOf: (id: string) => SessionRecord;
  /** The manifest of a session in pieces; returns its digest. */
  readonly manifestOf: (session: SessionRecord, endpoint: string) => AsyncGenerator<string, string>;
  /** Of Sluice. */
  readonly version: string;
}

export interface NamedManifest {
  readonly text: string;
  readonly digest: string;
  readonly name: string;
}

/** Most files that are named as not agreeing; the counts are of all. */
const NAMED = 200;

/** Gives out what others can check, and checks again itself. What it does is in the activity of the session. */
export class CustodyDesk {
  readonly #options: CustodyDeskOptions;

  constructor(options: CustodyDeskOptions) {
    this.#options = options;
  }

  /** The text of a manifest, and its name as a file. @throws NOT_FOUND */
  async manifest(sessionId: string): Promise<NamedManifest> {
    const session = this.#options.sessionOf(sessionId);
    const { text, digest } = await this.#make(session);
    this.#note(sessionId, 'manifest', 'ok', `digest ${digest}`);
    return { text, digest, name: `${safeName(session.title)}.manifest.json` };
  }

  /** @throws NOT_FOUND, also where it is not done */
  receiptPage(transferId: string): { readonly html: string; readonly name: string } {
    const { transfers, sessionOf, version } = this.#options;
    const receipt = transfers.receipt(transferId);
    const { custody } = sessionOf(transfers.record(transferId).sessionId);
    const html = receiptPage(receipt, {
      custody,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      writtenBy: `Sluice ${version}`,
    });
    return { html, name: `${receiptName(receipt)}.html` };
  }

  /**
   * Asks the store whether every file that arrived is still there as it was proven.
   * @returns the counts, and those that do not agree or could not be asked
   * @throws NOT_FOUND, CANCELLED, and what opening the store throws
   */
  async verify(
    sessionId: string,
    signal: AbortSignal,
  ): Promise<{ readonly verification: Verification; readonly checks: readonly FileCheck[] }> {
    const { clock, connections, sessionOf } = this.#options;
    const session = sessionOf(sessionId);
    const store = await connections.store(session.connectionId);
    const { text } = await this.#make(session);
    const checks: FileCheck[] = [];
    const verification = await verify(readManifest(text, session.title).manifest, {
      place: { kind: 'store', store, deep: false },
      clock,
      signal,
      onChecked: (check) => {
        if (check.outcome !== 'agrees' && checks.length < NAMED) checks.push(check);
      },
    });
    const { files, agree, differ, unchecked } = verification;
    this.#note(
      sessionId,
      'verify',
      agree === files ? 'ok' : 'failed',
      `${agree} of ${files} agree, ${differ} differ, ${unchecked} could not be checked`,
    );
    return { verification, checks };
  }

  async #make(session: SessionRecord): Promise<Omit<NamedManifest, 'name'>> {
    const pieces = this.#options.manifestOf(session, this.#endpointOf(session));
    let text = '';
    for (;;) {
      const next = await pieces.next();
      if (next.done === true) return { text, digest: next.value };
      text += next.value;
    }
  }

  /** As it was when the files arrived; that of the connection by now may be another, or gone. */
  #endpointOf({ id, connectionId, bucket }: SessionRecord): string {
    const { journal, transfers, connections } = this.#options;
    const done = transfers.records(id).find(({ state }) => state.kind === 'done');
    const receipt = done === undefined ? null : journal.transfers.receipt(done.id);
    if (receipt !== null) return receipt.object.endpoint;
    try {
      const { endpoint, region } = connections.get(connectionId);
      return endpoint ?? `AWS ${region}`;
    } catch (error) {
      if (isSluiceError(error, 'NOT_FOUND')) return bucket;
      throw error;
    }
  }

  #note(sessionId: string, action: string, outcome: 'ok' | 'failed', detail: string): void {
    const { journal, clock, sessionOf } = this.#options;
    const { prefix } = sessionOf(sessionId);
    journal.activity.add({ at: clock.now(), sessionId, action, subject: prefix, outcome, detail });
  }
}
