export { chartCsv, describeChart } from './words.ts';
export { chartKindsFor, fitChart, firstChart, suggestChart, type ChartColumn } from './suggest.ts';
