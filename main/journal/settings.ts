import {
  connectionSettings,
  DEFAULT_TABLES_SETTINGS,
  DEFAULT_TRANSFER_SETTINGS,
  tablesSettings,
  transferSettings,
  type ConnectionSettings,
  type TablesSettings,
  type TransferSettings,
} from '#shared/domain';
import type { Database } from './database.ts';

const TRANSFERS = 'transfers';
const TABLES = 'tables';
const ofConnection = (id: string): string => `connection:${id}`;

/** What a person set, whichever host it runs in: for the whole engine, and for each connection by its id. */
export class SettingsRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  transfers(): TransferSettings {
    return transferSettings.parse(this.#read(TRANSFERS) ?? DEFAULT_TRANSFER_SETTINGS);
  }

  saveTransfers(settings: TransferSettings): void {
    this.#write(TRANSFERS, settings);
  }

  tables(): TablesSettings {
    return tablesSettings.parse(this.#read(TABLES) ?? DEFAULT_TABLES_SETTINGS);
  }

  saveTables(settings: TablesSettings): void {
    this.#write(TABLES, settings);
  }

  /** @returns null where nothing was set */
  connection(id: string): ConnectionSettings | null {
    const document = this.#read(ofConnection(id));
    return document === null ? null : connectionSettings.parse(document);
  }

  saveConnection(id: string, settings: ConnectionSettings): void {
    this.#write(ofConnection(id), settings);
  }

  forgetConnection(id: string): void {
    this.#db.run('DELETE FROM settings WHERE name = :name', { name: ofConnection(id) });
  }

  #read(name: string): unknown {
    const row = this.#db.one('SELECT document FROM settings WHERE name = :name', { name });
    return row === null ? null : JSON.parse(String(row['document']));
  }

  #write(name: string, document: unknown): void {
    this.#db.run(
      `INSERT INTO settings (name, document) VALUES (:name, :document)
       ON CONFLICT (name) DO UPDATE SET document = excluded.document`,
      { name, document: JSON.stringify(document) },
    );
  }
}
