import { useEffect, useRef, useState } from 'react';
import { useTotals } from '#renderer/state';
import { outcome, type Snapshot } from './outcome.ts';

const EVERY_MS = 5000;

/** Tells what came to an end to those who do not see it; at most every five seconds, and only ends, never progress. */
export function Announcer() {
  const totals = useTotals();
  const { files, failed, moving, waiting } = totals;
  const now: Snapshot = {
    unfinished: moving + totals.queued + totals.verifying,
    done: files.done,
    failed,
    waiting: [...waiting.values()].reduce((sum, count) => sum + count, 0),
  };
  const latest = useRef(now);
  useEffect(() => {
    latest.current = now;
  });
  const told = useRef(now);
  const [text, setText] = useState('');
  useEffect(() => {
    const timer = setInterval(() => {
      const news = outcome(told.current, latest.current);
      told.current = latest.current;
      if (news !== null) setText(news);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="unseen" role="status" aria-live="polite">
      {text}
    </div>
  );
}
