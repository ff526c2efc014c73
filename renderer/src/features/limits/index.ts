export { LimitMenu } from './limit-menu.tsx';
export { bytesOfMegabytes, limitWords, megabytes } from './limit-words.ts';
export { LimitsDialog } from './limits-dialog.tsx';
