export { DataGrid, type GridHandle } from './data-grid.tsx';
export { type HeadActions, nameOf } from './grid-head.tsx';
export { type Area, cellsIn } from './selection.ts';
export { usualWidths } from './widths.ts';
