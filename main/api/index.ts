export { reportsErrors, toWire } from './errors.ts';
