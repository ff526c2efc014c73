import { DEFAULT_TRANSFER_SETTINGS, transferSettings, type TransferSettings } from '#shared/domain';
import type { Database } from './database.ts';

/** What a person set for the whole engine, whichever host it runs in. */
export class SettingsRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  transfers(): TransferSettings {
    const row = this.#db.one("SELECT document FROM settings WHERE name = 'transfers'");
    return row === null
      ? DEFAULT_TRANSFER_SETTINGS
      : transferSettings.parse(JSON.parse(String(row['document'])));
  }

  saveTransfers(settings: TransferSettings): void {
    this.#db.run(
      `INSERT INTO settings (name, document) VALUES ('transfers', :document)
       ON CONFLICT (name) DO UPDATE SET document = excluded.document`,
      { document: JSON.stringify(settings) },
    );
  }
}
