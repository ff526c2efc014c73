export { ResultsView } from './results-view.tsx';
