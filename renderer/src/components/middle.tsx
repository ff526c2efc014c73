import { useMemo } from 'react';
import './middle.css';

const TAIL = 12;
const segmenter = new Intl.Segmenter();

/** A name that gives way in its middle when room runs out: its end tells files apart. The whole of it on hover. */
export function Middle({ text, title = text }: { readonly text: string; readonly title?: string }) {
  const [head, tail] = useMemo(() => split(text), [text]);
  return (
    <span className="middle" title={title}>
      <span className="middle-head">{head}</span>
      <span className="middle-tail">{tail}</span>
    </span>
  );
}

function split(text: string): readonly [string, string] {
  const signs = Array.from(segmenter.segment(text), ({ segment }) => segment);
  if (signs.length <= TAIL * 2) return [text, ''];
  const at = signs.length - TAIL;
  return [signs.slice(0, at).join(''), signs.slice(at).join('')];
}
