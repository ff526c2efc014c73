import type { RunState } from '#shared/domain';

type Kind = RunState['kind'];

/** What the process of tables does; what turns out not to be as its sample promised is loaded anew. */
const TABLE_STEPS = ['loading', 'transforming', 'writing', 'checking'] as const satisfies readonly Kind[];
/** Any step can fail, be cancelled, or be cut off by the end of the process and begun anew. */
const ENDS = ['failed', 'cancelled', 'queued'] as const satisfies readonly Kind[];

/** Which state may follow which. Everything that changes a state asks this table. */
const TRANSITIONS: Readonly<Record<Kind, readonly Kind[]>> = {
  queued: ['fetching', 'uploading', ...ENDS],
  fetching: ['loading', ...ENDS],
  loading: [...TABLE_STEPS, ...ENDS],
  transforming: [...TABLE_STEPS, ...ENDS],
  writing: [...TABLE_STEPS, ...ENDS],
  checking: [...TABLE_STEPS, 'uploading', ...ENDS],
  uploading: ['finishing', ...ENDS],
  finishing: ['done', ...ENDS],
  done: [],
  failed: [],
  cancelled: [],
};

export function mayFollow(from: Kind, to: Kind): boolean {
  return from === to || TRANSITIONS[from].includes(to);
}

export function isOver({ kind }: RunState): boolean {
  return kind === 'done' || kind === 'failed' || kind === 'cancelled';
}
