export { chooseSource, SourceSelect, useSource, type Source } from './source.tsx';
