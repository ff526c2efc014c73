export { assetHeaders, readAssets, type Asset, type Assets } from './assets.ts';
export { createCarrierServer, type CarrierServer, type PortLike, type SocketLike } from './carrier.ts';
export { systemClock } from './clock.ts';
export { contentSecurityPolicy, type CspOptions } from './csp.ts';
export { openLog, redact, type FileLog } from './log.ts';
export {
  createPreferenceStore,
  DEFAULT_PREFERENCES,
  readPreferences,
  type KeyValueFile,
} from './preferences.ts';
