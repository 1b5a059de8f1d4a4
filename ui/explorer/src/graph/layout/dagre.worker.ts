import { place } from './dagre';
import type { LayoutGraph } from './types';

self.onmessage = (event: MessageEvent<{ id: number; graph: LayoutGraph }>): void => {
  self.postMessage({ id: event.data.id, layout: place(event.data.graph) });
};
