import { useEffect, useState } from 'react';
import { startLayout } from './layout';
import type { Layout } from './layout/types';
import { layoutGraph } from './layoutGraph';
import type { Seen } from './model';

export interface Placed {
  seen: Seen;
  layout: Layout;
}

/** What is seen, with its places. While a new layout is worked out, the one before stays. */
export function useLayout(seen: Seen | null): { placed: Placed | null; error: Error | null; busy: boolean } {
  const [placed, setPlaced] = useState<Placed | null>(null);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    if (seen === null) return;
    let wanted = true;
    const task = startLayout(layoutGraph(seen));
    task.layout.then(
      (layout) => {
        if (!wanted) return;
        setPlaced({ seen, layout });
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
