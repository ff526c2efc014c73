export { useWorkbench, WorkbenchContext, type Workbench } from './context.ts';
export { EngineState } from './engine-state.ts';
export { type FileList, type FileListView } from './file-list.ts';
export {
  useCapabilities,
  useConnections,
  useDeliveries,
  useDownloads,
  useFileList,
  useInfo,
  useOutput,
  useOutputs,
  usePreferences,
  useRun,
  useRuns,
  useSession,
  useSessionIds,
  useTotals,
  useTransfer,
} from './hooks.ts';
export { keepInSync, type Sync } from './sync.ts';
export { isLive, type Totals } from './totals.ts';
