export { dataPath } from './data-path.ts';
export { connectionOfEnvironment } from './environment.ts';
export { nodePorts, type NodePortsOptions } from './ports.ts';
