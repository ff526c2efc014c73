export { addressOf, useDestination } from './destination.ts';
export { DropOverlay } from './drop-overlay.tsx';
export { FolderOptionItems, FolderOptions } from './folder-options.tsx';
export { openFileInput } from './file-input.ts';
export { RefusedDialog } from './refused-dialog.tsx';
export { folderOf, usePlace, type Place } from './place.ts';
export { WhereTo } from './where-to.tsx';
export { useIntake, type Intake } from './use-intake.ts';
