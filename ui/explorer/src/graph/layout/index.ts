/** Where everything goes, worked out beside the page so that it never stands still. */
import DagreWorker from './dagre.worker?worker';
import { inOrder } from './order';
import type { Layout, LayoutGraph } from './types';

/** Above it elkjs is the faster one; measured, docs/decisions/0004. */
const SMALL = 200;

export interface Task {
  layout: Promise<Layout>;
  /** Nobody waits for it any more. */
  stop: () => void;
}

export function startLayout(graph: LayoutGraph): Task {
  const began = performance.now();
  const ordered = inOrder(graph);
  const isSmall = graph.nodes.length <= SMALL && graph.boxes.length === 0;
  const task = isSmall ? small(ordered) : large(ordered);
  const detail = { nodes: graph.nodes.length, edges: graph.edges.length, by: isSmall ? 'dagre' : 'elk' };
  const note = (): void => void performance.measure('layout', { start: began, detail });
  task.layout.then(note, () => {});
  return task;
}

let worker: Worker | undefined;
let asked = 0;

/** Loads what a layout of that many nodes needs, while the graph itself is still on its way. */
export function prepareLayout(nodes: number): void {
  if (nodes <= SMALL) worker ??= new DagreWorker();
  else void import('./elk').then((elk) => elk.prepare());
}

function small(graph: LayoutGraph): Task {
  worker ??= new DagreWorker();
  const [mine, id] = [worker, ++asked];
  let stop = (): void => {};
  const layout = new Promise<Layout>((resolve, reject) => {
    const onMessage = (event: MessageEvent<{ id: number; layout: Layout }>): void => {
      if (event.data.id !== id) return;
      stop();
      resolve(event.data.layout);
    };
    const onError = (event: ErrorEvent): void => {
      stop();
      if (worker === mine) worker = undefined; // It may never have started; the next layout tries anew.
      reject(new Error(event.message || 'its script could not be loaded'));
    };
    stop = () => {
      mine.removeEventListener('message', onMessage);
      mine.removeEventListener('error', onError);
    };
    mine.addEventListener('message', onMessage);
    mine.addEventListener('error', onError);
    mine.postMessage({ id, graph });
  });
  return { layout, stop };
}

function large(graph: LayoutGraph): Task {
  let stopped = false;
  let stop = (): void => {};
  const layout = import('./elk').then((elk) => {
    const task = elk.start(graph);
    stop = task.stop;
    if (stopped) stop();
    return task.layout;
  });
  return {
    layout,
    stop: () => {
      stopped = true;
      stop();
    },
  };
}
