import { createORPCClient } from '@orpc/client';
import { type ContractRouterClient } from '@orpc/contract';
import { type Contract, type SluiceBridge } from '#shared/contract';
import { bridgeCarrier } from './bridge-carrier.ts';
import { type Carrier } from './carrier.ts';
import { EngineLink } from './engine-link.ts';
import { webCarrier } from './web-carrier.ts';

/** Everything the engine can be asked for. */
export type EngineClient = ContractRouterClient<Contract>;

declare global {
  interface Window {
    /** Put there by the preload of a desktop window. */
    readonly sluice?: SluiceBridge;
  }
}

export interface Engine {
  readonly client: EngineClient;
  readonly link: EngineLink;
  readonly carrier: Carrier;
}

export function openEngine(): Engine {
  const carrier = window.sluice === undefined ? webCarrier() : bridgeCarrier(window.sluice);
  const link = new EngineLink(carrier);
  return { client: createORPCClient<EngineClient>(link), link, carrier };
}
