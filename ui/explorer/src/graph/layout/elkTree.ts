/** A graph as elkjs takes it, and the places from what it gives back. */
import type { ElkNode, LayoutOptions } from 'elkjs/lib/elk-api';
import { type Layout, type LayoutGraph, onPixels, PADDING, SPACING } from './types';

/** Above its defaults five to ten times as fast, and as good to look at: docs/decisions/0004. */
const OPTIONS: LayoutOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'POLYLINE',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.layered.layering.strategy': 'LONGEST_PATH',
  'elk.layered.nodePlacement.strategy': 'SIMPLE',
  'elk.layered.thoroughness': '1',
  'elk.spacing.nodeNode': String(SPACING.within),
  'elk.layered.spacing.nodeNodeBetweenLayers': String(SPACING.between),
};

const BOX: LayoutOptions = {
  'elk.padding': `[top=${PADDING.top},left=${PADDING.side},bottom=${PADDING.side},right=${PADDING.side}]`,
};

export function tree(graph: LayoutGraph): ElkNode {
  const inside = new Map<string | undefined, ElkNode[]>();
  for (const { id, width, height, box } of graph.nodes) {
    const node = { id, width, height };
    const known = inside.get(box);
    if (known) known.push(node);
    else inside.set(box, [node]);
  }
  const boxes = graph.boxes.map((id) => ({ id, layoutOptions: BOX, children: inside.get(id) ?? [] }));
  return {
    id: 'all',
    layoutOptions: OPTIONS,
    children: [...boxes, ...(inside.get(undefined) ?? [])],
    edges: graph.edges.map(([source, target], index) => ({ id: `e${index}`, sources: [source], targets: [target] })),
  };
}

export function places(laid: ElkNode): Layout {
  const found: Layout = { nodes: {}, boxes: {} };
  for (const { id, x = 0, y = 0, width = 0, height = 0, children } of laid.children ?? []) {
    if (!children) {
      found.nodes[id] = onPixels({ x, y, width, height });
      continue;
    }
    found.boxes[id] = onPixels({ x, y, width, height });
    for (const inner of children) {
      found.nodes[inner.id] = onPixels({
        x: x + (inner.x ?? 0),
        y: y + (inner.y ?? 0),
        width: inner.width ?? 0,
        height: inner.height ?? 0,
      });
    }
  }
  return found;
}
