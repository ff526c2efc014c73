export type { Checkpoint } from './append.ts';
export {
  createTargets,
  type DeliveryRequest,
  type Recovered,
  type Targets,
  type TargetsOptions,
} from './csv-file.ts';
export {
  memoryDeliveryLog,
  type DeliveryIntent,
  type DeliveryLog,
  type KnownDelivery,
} from './delivery-log.ts';
