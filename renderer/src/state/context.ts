import { createContext, useContext } from 'react';
import { type Carrier, type EngineClient, type LinkState } from '#renderer/lib';
import { type PageUploads } from '#renderer/uploads';
import { type EngineState } from './engine-state.ts';

/** What every view may use. */
export interface Workbench {
  readonly client: EngineClient;
  readonly state: EngineState;
  readonly uploads: PageUploads;
  readonly registerDroppedFiles: Carrier['registerDroppedFiles'];
  readonly link: { readonly get: () => LinkState; readonly subscribe: (listener: () => void) => () => void };
}

const context = createContext<Workbench | null>(null);
export const WorkbenchContext = context;

export function useWorkbench(): Workbench {
  const found = useContext(context);
  if (found === null) throw new Error('used outside the page');
  return found;
}
