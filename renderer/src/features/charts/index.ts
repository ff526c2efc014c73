export { ChartsView } from './charts-view.tsx';
