import { useEffect, useRef, useState } from 'react';
import { startLayout } from './layout';
import type { Layout } from './layout/types';
import { layoutGraph } from './layoutGraph';
import type { Seen } from './model';

export interface Placed {
  seen: Seen;
  layout: Layout;
}

/** What has its places, and the graph that they were worked out for, as text. */
interface Laid extends Placed {
  shape: string;
}

/** What is seen, with its places. While a new layout is worked out, the one before stays. */
export function useLayout(seen: Seen | null): { placed: Placed | null; error: Error | null; busy: boolean } {
  const [placed, setPlaced] = useState<Laid | null>(null);
  const known = useRef<Laid | null>(null);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    if (seen === null) return;
    const graph = layoutGraph(seen);
    const shape = JSON.stringify(graph);
    if (known.current?.shape === shape) {
      // Only what the cards say is new: nothing moves.
      setPlaced({ ...known.current, seen });
      setError(null);
      return;
    }
    let wanted = true;
    const task = startLayout(graph);
    task.layout.then(
      (layout) => {
        if (!wanted) return;
        known.current = { seen, layout, shape };
        setPlaced(known.current);
        setError(null);
      },
      (problem: unknown) => {
        if (wanted) setError(problem instanceof Error ? problem : new Error(String(problem)));
      },
    );
    return () => {
      wanted = false;
      task.stop();
    };
  }, [seen]);
  return { placed, error, busy: seen !== null && placed?.seen !== seen && error === null };
}
