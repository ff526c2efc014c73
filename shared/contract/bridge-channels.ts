/** Channels between the preload and the desktop host. A type only, so that the preload bundles nothing of it. */
export interface BridgeChannels {
  readonly connect: 'sluice:connect';
  readonly port: 'sluice:port';
  readonly dropped: 'sluice:dropped';
}
