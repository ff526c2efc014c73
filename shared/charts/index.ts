export { chartCsv, describeChart } from './words.ts';
export {
  changeKind,
  chartKindsFor,
  fitChart,
  firstChart,
  suggestChart,
  type ChartColumn,
} from './suggest.ts';
