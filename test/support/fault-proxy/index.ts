export { mayHaveActed, PASS, type Fate } from './fates.ts';
export { operationOf, partNumberOf, type Operation } from './operation.ts';
export { startFaultProxy, type FaultProxy, type FaultProxyOptions, type ProxiedRequest } from './proxy.ts';
export { bytesOf, freshSeed, randomOf, type Random } from './random.ts';
export { evenly, expired, FAULT_NAMES, faultsOf, seeded, type FaultName, type Rates } from './schedule.ts';
