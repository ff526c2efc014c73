import { useMemo } from 'react';
import './middle.css';

const TAIL = 12;
const segmenter = new Intl.Segmenter();

/**
 * A name that gives way in its middle when room runs out: its end tells files apart. The whole of it on hover.
 * What is seen of a long name is drawn by the style sheet in two pieces; the text itself stays one, for whoever reads,
 * searches or copies it.
 */
export function Middle({ text, title = text }: { readonly text: string; readonly title?: string }) {
  const pieces = useMemo(() => split(text), [text]);
  if (pieces === null) {
    return (
      <span className="cut middle-short" title={title}>
        {text}
      </span>
    );
  }
  return (
    <span className="middle" title={title} data-head={pieces[0]} data-tail={pieces[1]}>
      <span className="middle-text">{text}</span>
    </span>
  );
}

function split(text: string): readonly [string, string] | null {
  // Counting signs is dear; a text with fewer code units than that has no more signs either.
  if (text.length <= TAIL * 2) return null;
  const signs = Array.from(segmenter.segment(text), ({ segment }) => segment);
  if (signs.length <= TAIL * 2) return null;
  const at = signs.length - TAIL;
  return [signs.slice(0, at).join(''), signs.slice(at).join('')];
}
