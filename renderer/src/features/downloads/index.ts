export { DownloadButton, RevealButton } from './download-button.tsx';
export { DownloadsMenu } from './downloads-menu.tsx';
export { InTheWayDialog } from './in-the-way-dialog.tsx';
