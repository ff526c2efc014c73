export { TransferBar } from './transfer-bar.tsx';
