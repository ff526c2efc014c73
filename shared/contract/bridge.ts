/** What the preload of a desktop window puts at `window.sluice`, and the messages the two exchange. */
export interface SluiceBridge {
  /** Makes the preload post `{ type: PORT_MESSAGE }` to this window with one MessagePort; may be called again. */
  connect(): void;
  /**
   * @param files the very File objects of a drop: copies have lost their path
   * @returns references in the same order, which only this window's engine understands
   */
  registerDroppedFiles(
    files: readonly unknown[],
  ): Promise<readonly { readonly kind: 'handle'; readonly handle: string }[]>;
}

/** `type` of the message that carries the port. */
export const PORT_MESSAGE = 'sluice:port';
