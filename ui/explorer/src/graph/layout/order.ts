import type { LayoutGraph } from './types';

/** The same graph gives the same picture, in whatever order it came; a loop says nothing about places. */
export function inOrder({ nodes, edges, boxes }: LayoutGraph): LayoutGraph {
  const byText = (one: string, other: string): number => (one < other ? -1 : 1);
  return {
    nodes: [...nodes].sort((one, other) => byText(one.id, other.id)),
    edges: edges.filter(([source, target]) => source !== target).sort((one, other) => byText(`${one}`, `${other}`)),
    boxes: [...boxes].sort(byText),
  };
}
