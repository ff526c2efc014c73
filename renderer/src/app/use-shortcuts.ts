import { useEffect } from 'react';
import { useIntake } from '#renderer/features/intake';
import { overlay, route } from '#renderer/lib';

/** The areas F6 goes through, in the order they are seen. */
const AREAS = [
  '.rail-scroll, .rail .rows-scroll, .rail-brand',
  '#main',
  '.details-body',
  '.bar button',
] as const;

function goToArea(back: boolean): void {
  const areas = AREAS.map((selector) => document.querySelector<HTMLElement>(selector)).filter(
    (one) => one !== null,
  );
  const at = areas.findIndex((area) => area.contains(document.activeElement) || inside(area));
  const step = back ? areas.length - 1 : 1;
  const next = areas[(Math.max(at, back ? 0 : -1) + step + areas.length) % areas.length];
  if (next === undefined) return;
  const list =
    next.id === 'main'
      ? (next.querySelector<HTMLElement>('[role="grid"]') ??
        next.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]'))
      : null;
  (list ?? next).focus();
}

/** The list of the rail stands for the whole of it. */
const inside = (area: HTMLElement) => area.closest('.rail, .bar')?.contains(document.activeElement) === true;

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

export function useShortcuts(): void {
  const { chooseFiles } = useIntake();
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      const mod = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      const key = event.key.toLowerCase();
      if (mod && key === 'k') overlay.set((now) => (now?.kind === 'palette' ? null : { kind: 'palette' }));
      else if (overlay.get() !== null) return;
      else if (mod && key === 'o') {
        const here = route.get();
        chooseFiles(here.kind === 'session' ? here.id : null);
      } else if (event.key === 'F6') goToArea(event.shiftKey);
      else if (event.key === '?' && !isTyping(event.target)) overlay.set({ kind: 'keys' });
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    // Before the lists, for which a question mark is a letter like any other.
    window.addEventListener('keydown', keys, { capture: true });
    return () => window.removeEventListener('keydown', keys, { capture: true });
  }, [chooseFiles]);
}
