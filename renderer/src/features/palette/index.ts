export { KeysDialog } from './keys.tsx';
export { Palette } from './palette.tsx';
