import type { ChangeHub } from './changes.ts';
import type { Journal } from '#main/journal';
import type { Clock, Log } from '#main/ports';
import type { Outputs } from '#main/sessions';
import type { Delivery, Output } from '#shared/domain';

export interface DeliveriesOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly outputs: Outputs;
  readonly changes: ChangeHub;
}
export interface Deliveries {
  deliver(output: Output, path: string, signal: AbortSignal): Promise<Delivery>;
  recover(): Promise<void>;
}
export declare function createDeliveries(options: DeliveriesOptions): Deliveries;
