import {
  IconAlertTriangle,
  IconArrowDown,
  IconArrowUp,
  IconBan,
  IconCheck,
  IconCircleDashed,
  IconClockPause,
  IconDots,
  IconPlayerPause,
  IconShieldCheck,
  IconX,
} from '@tabler/icons-react';
import { type Session, type Transfer } from '#shared/domain';
import './state-glyph.css';

export type GlyphKind =
  | 'idle'
  | 'queued'
  | 'moving'
  | 'coming'
  | 'proving'
  | 'waiting'
  | 'paused'
  | 'done'
  | 'failed'
  | 'attention'
  | 'cancelled';

const GLYPHS = {
  idle: IconCircleDashed,
  queued: IconDots,
  moving: IconArrowUp,
  coming: IconArrowDown,
  proving: IconShieldCheck,
  waiting: IconClockPause,
  paused: IconPlayerPause,
  done: IconCheck,
  failed: IconX,
  attention: IconAlertTriangle,
  cancelled: IconBan,
} as const;

/** State by shape first; the word always stands beside it or in its name. */
export function StateGlyph({ kind }: { readonly kind: GlyphKind }) {
  const Glyph = GLYPHS[kind];
  return <Glyph className={`glyph glyph-${kind}`} size={16} stroke={2} aria-hidden="true" />;
}

const TRANSFER_GLYPHS = {
  scheduled: 'queued',
  queued: 'queued',
  preparing: 'moving',
  transferring: 'moving',
  waiting: 'waiting',
  verifying: 'proving',
  paused: 'paused',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<string, GlyphKind>;

/** As they go up; those that come down move the other way. */
export function transferGlyph({ state, direction }: Transfer): GlyphKind {
  const kind = TRANSFER_GLYPHS[state.kind];
  return kind === 'moving' && direction === 'download' ? 'coming' : kind;
}

export function sessionGlyph({ state, folder }: Session): GlyphKind {
  const kind = SESSION_GLYPHS[state];
  return kind === 'moving' && folder !== null ? 'coming' : kind;
}

const SESSION_GLYPHS = {
  empty: 'idle',
  working: 'moving',
  paused: 'paused',
  attention: 'attention',
  done: 'done',
} as const satisfies Record<string, GlyphKind>;

export const RUN_GLYPHS = {
  queued: 'queued',
  fetching: 'moving',
  loading: 'moving',
  transforming: 'moving',
  writing: 'moving',
  checking: 'moving',
  finishing: 'moving',
  uploading: 'moving',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<string, GlyphKind>;
