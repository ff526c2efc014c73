export { RemoveDialog } from './remove-dialog.tsx';
export { SessionRail } from './session-rail.tsx';
