export { ChoicesDialog } from './choices-dialog.tsx';
export { LookingDialog } from './looking-dialog.tsx';
