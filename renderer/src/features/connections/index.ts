export { ConnectionsDialog } from './connections-dialog.tsx';
