export { CloserLook } from './closer-look.tsx';
export { RelationsOf } from './relations-of.tsx';
export { ReportMenu } from './report-menu.tsx';
