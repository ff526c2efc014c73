import type { FileRef } from './system.ts';

/**
 * What a page finds at `window.sluice` in the desktop window; absent in a browser. `DroppedFile` is the DOM's `File`,
 * which this folder must not name.
 */
export interface SluiceBridge<DroppedFile = unknown> {
  /**
   * Asks for a carrier. A `message` event whose data is a PortMessage then reaches the window from itself, with the
   * port as `event.ports[0]`. Each call gives a port of its own; the page starts it.
   */
  connect(): void;
  /**
   * Makes files of this computer known to the engine without the page learning their paths.
   * @returns references in the order of the files; rejects where one is not a file on a disk
   */
  registerDroppedFiles(files: readonly DroppedFile[]): Promise<readonly FileRef[]>;
}

/** Data of the window message that brings the port. */
export interface PortMessage {
  readonly type: 'sluice:port';
}

/** Channels between the preload and the desktop host. A type only, so that the preload bundles nothing of it. */
export interface BridgeChannels {
  readonly connect: 'sluice:connect';
  readonly port: 'sluice:port';
  readonly dropped: 'sluice:dropped';
}
