export { DropOptions, dropWords } from './drop-options.tsx';
export { nextDrop, readNextDrop, takeNextDrop, type HowToSend } from './next-drop.ts';
export { OptionsFields } from './options-fields.tsx';
export { optionsWords } from './words.ts';
