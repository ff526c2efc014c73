export { ProcessView } from './process-view.tsx';
