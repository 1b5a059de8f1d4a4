/** What is seen, as a layout takes it. */
import type { LayoutGraph } from './layout/types';
import { groupNode, type Seen } from './model';

/** Sizes on the canvas, in pixels at zoom 1; the style sheet and the picture go by them too. */
export const SIZES = {
  asset: { width: 224, height: 52 },
  step: { width: 168, height: 32 },
  folded: { width: 224, height: 52 },
} as const;

export function layoutGraph(seen: Seen): LayoutGraph {
  const boxOf = new Map(
    seen.boxes.flatMap(({ group, cards }) => cards.map((id) => [id, groupNode(group.slug)] as const)),
  );
  return {
    nodes: seen.cards.map((card) => ({ id: card.id, ...SIZES[card.kind], box: boxOf.get(card.id) })),
    edges: seen.lines.map((line) => [line.source, line.target] as const),
    boxes: seen.boxes.map(({ group }) => groupNode(group.slug)),
  };
}
