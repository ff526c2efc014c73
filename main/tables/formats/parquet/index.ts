export { openParquet, parquetSql } from './table.ts';
