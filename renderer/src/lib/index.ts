export { type Carrier } from './carrier.ts';
export { openEngine, type Engine, type EngineClient } from './engine.ts';
export { type LinkState } from './engine-link.ts';
export { external, useExternal, type External } from './external.ts';
export {
  followAddress,
  go,
  goHome,
  goSession,
  overlay,
  route,
  TABS,
  type Overlay,
  type Route,
  type Tab,
  type Wanted,
} from './navigation.ts';
export { isCancelled, toReport } from './reports.ts';
export { saveBlob, saveFile } from './save-file.ts';
export { ahead, exactTime, nextTime, shortTime } from './time.ts';
