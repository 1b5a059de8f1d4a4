/** Where everything goes, worked out beside the page so that it never stands still. */
import DagreWorker from './dagre.worker?worker';
import type { Layout, LayoutGraph } from './types';

/** Above it elkjs is the faster one; measured, docs/decisions/0004. */
const SMALL = 200;

export interface Task {
  layout: Promise<Layout>;
  /** Nobody waits for it any more. */
  stop: () => void;
}

export function startLayout(graph: LayoutGraph): Task {
  const ordered = inOrder(graph);
  return graph.nodes.length <= SMALL && graph.boxes.length === 0 ? small(ordered) : large(ordered);
}

/** The same graph gives the same picture, in whatever order it came; a loop says nothing about places. */
function inOrder({ nodes, edges, boxes }: LayoutGraph): LayoutGraph {
  const byText = (one: string, other: string): number => (one < other ? -1 : 1);
  return {
    nodes: [...nodes].sort((one, other) => byText(one.id, other.id)),
    edges: edges.filter(([source, target]) => source !== target).sort((one, other) => byText(`${one}`, `${other}`)),
    boxes: [...boxes].sort(byText),
  };
}

let worker: Worker | undefined;
let asked = 0;

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
      reject(new Error(event.message));
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
