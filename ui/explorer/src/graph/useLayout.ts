import { useEffect, useState } from 'react';
import { startLayout } from './layout';
import type { Layout, LayoutGraph } from './layout/types';
import type { Card, Seen } from './model';
import { groupNode } from './model';

/** Sizes on the canvas, in pixels at zoom 1; the style sheet and the picture go by them too. */
export const SIZES = {
  asset: { width: 224, height: 52 },
  step: { width: 168, height: 32 },
  folded: { width: 224, height: 52 },
} as const;

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

export function layoutGraph(seen: Seen): LayoutGraph {
  const boxOf = new Map(
    seen.boxes.flatMap(({ group, cards }) => cards.map((id) => [id, groupNode(group.slug)] as const)),
  );
  return {
    nodes: seen.cards.map((card: Card) => ({ id: card.id, ...SIZES[card.kind], box: boxOf.get(card.id) })),
    edges: seen.lines.map((line) => [line.source, line.target] as const),
    boxes: seen.boxes.map(({ group }) => groupNode(group.slug)),
  };
}
