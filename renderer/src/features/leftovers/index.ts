export { LeftoversDialog } from './leftovers-dialog.tsx';
export { LeftoversLine } from './leftovers-line.tsx';
