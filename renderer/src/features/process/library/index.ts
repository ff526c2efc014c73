export { Dialogs } from './dialogs.tsx';
export { FlowSwitch } from './flow-switch.tsx';
