export { drawChart, type ChartSource } from './chart.ts';
