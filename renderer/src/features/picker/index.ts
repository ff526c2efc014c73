export { useChoosePlace, type ChoosePlace } from './choose-place.ts';
export { PickerDialog } from './picker-dialog.tsx';
