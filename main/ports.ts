/**
 * What a host must give the engine. The engine knows nothing of windows, dialogs or Electron; a host adapts these,
 * tests fake them.
 */
import type { FileRef } from '#shared/contract';
import type { HostCapabilities, Preferences } from '#shared/domain';

export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Keeps the machine awake only while work runs, and tells when it woke. */
export interface Power {
  /** @returns a function that lets the machine sleep again */
  keepAwake(why: string): () => void;
  onWake(listener: () => void): () => void;
}

export interface Network {
  /** A guess by the system; false means certainly offline. */
  online(): boolean;
  onOnline(listener: () => void): () => void;
}

export interface Notifier {
  notify(title: string, body: string, sessionId: string | null): void;
}

/** Keeps what must not be read by others. Throws SECRETS_UNAVAILABLE where it cannot be kept safely. */
export interface Secrets {
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  remove(name: string): Promise<void>;
}

export interface PickedFile {
  readonly file: FileRef;
  readonly name: string;
  readonly path: string;
}

/** Dialogs of the system, and the handles that dialogs and drops were given out for. */
export interface FilePicker {
  /** Throws UNSUPPORTED_HERE where there are no dialogs. */
  pick(what: 'files' | 'folder' | 'save-folder' | 'csv-file'): Promise<readonly PickedFile[]>;
  /** @returns the path a reference stands for; throws NOT_FOUND for a handle nobody was given */
  resolve(ref: FileRef): string;
}

/** Opens files with the system's programs. Throws UNSUPPORTED_HERE where there is no desktop. */
export interface Opener {
  open(path: string): Promise<void>;
  reveal(path: string): Promise<void>;
}

export interface Log {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  /** What went wrong though nobody was told, with its cause. */
  error(message: string, error: unknown): void;
}

export interface PreferenceStore {
  get(): Preferences;
  set(change: Partial<Preferences>): Preferences;
}

/** A process of its own that exchanges structured-clonable messages with the engine. */
export interface ChildChannel {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Once, with what the system says of the end, e.g. `code 1` or `SIGKILL`. */
  onExit(listener: (how: string) => void): void;
  /** At once, whatever it is doing. */
  kill(): void;
  readonly pid: number | undefined;
}

/**
 * Starts the process that DuckDB lives in: a utility process in Electron, a child process elsewhere. `bare` gives it nothing
 * of the environment but what a process cannot start without.
 */
export type LaunchTables = (options?: { readonly bare: boolean }) => ChildChannel;

export interface Ports {
  readonly clock: Clock;
  readonly power: Power;
  readonly network: Network;
  readonly notifier: Notifier;
  readonly secrets: Secrets;
  readonly picker: FilePicker;
  readonly opener: Opener;
  readonly log: Log;
  readonly preferences: PreferenceStore;
  readonly launchTables: LaunchTables;
  readonly capabilities: HostCapabilities;
}
