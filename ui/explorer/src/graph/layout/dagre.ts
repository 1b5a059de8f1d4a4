/** Lays out small graphs; small to load, and quick below some two hundred nodes. */
import { Graph, layout } from '@dagrejs/dagre';
import { type Layout, type LayoutGraph, onPixels, SPACING } from './types';

export function place(wanted: LayoutGraph): Layout {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: SPACING.within, ranksep: SPACING.between, ranker: 'tight-tree' });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of wanted.nodes) graph.setNode(id, { width, height });
  for (const [source, target] of wanted.edges) graph.setEdge(source, target);
  layout(graph);
  const nodes: Layout['nodes'] = {};
  for (const { id, width, height } of wanted.nodes) {
    const { x, y } = graph.node(id);
    nodes[id] = onPixels({ x: x - width / 2, y: y - height / 2, width, height });
  }
  return { nodes, boxes: {} };
}
