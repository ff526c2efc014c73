import {
  IconAlertTriangle,
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
import './state-glyph.css';

export type GlyphKind =
  | 'idle'
  | 'queued'
  | 'moving'
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

export const TRANSFER_GLYPHS = {
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

export const SESSION_GLYPHS = {
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
  uploading: 'moving',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<string, GlyphKind>;
