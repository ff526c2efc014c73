export { FileCharts } from './file-charts.tsx';
export { OutputCharts } from './output-charts.tsx';
