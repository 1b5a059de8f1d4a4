import { useLayoutEffect, useRef } from 'react';

type Handlers = Readonly<Record<string, () => void>>;

/** Keys that work wherever nothing is being written; a handler for each `KeyboardEvent.key`. */
export function useKeys(handlers: Handlers): void {
  const current = useRef(handlers);
  current.current = handlers;
  // With the layout: who sees the page may press a key before an effect behind the paint would run.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isWriting(event.target)) return;
      const handler = current.current[event.key];
      if (!handler) return;
      event.preventDefault();
      handler();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    // A dialog that was just closed keeps the focus until the next frame.
    (target.isContentEditable || target.matches('input, textarea, select') || target.closest('dialog[open]') !== null)
  );
}
