/** Lays out large graphs and boxes; a megabyte and a half of script, in a worker of its own, loaded when needed. */
import ELK from 'elkjs/lib/elk-api';
import ElkWorker from 'elkjs/lib/elk-worker.min.js?worker';
import { places, tree } from './elkTree';
import type { Layout, LayoutGraph } from './types';

interface Engine {
  elk: InstanceType<typeof ELK>;
  /** Rejects when the worker breaks, of which elkjs itself says nothing. */
  broken: Promise<never>;
}

/** A new worker reads its script anew, half a second: one that has done its work is kept for the next layout. */
let idle: Engine | undefined;

/** Lets the worker read its script before it is needed. */
export function prepare(): void {
  idle ??= newEngine();
}

/** Starts a layout; `stop` ends its worker, and the layout never comes. */
export function start(graph: LayoutGraph): { layout: Promise<Layout>; stop: () => void } {
  const engine = idle ?? newEngine();
  idle = undefined;
  let done = false;
  const layout = Promise.race([engine.elk.layout(tree(graph)), engine.broken]).then(
    (laid) => {
      done = true;
      if (idle) engine.elk.terminateWorker();
      else idle = engine;
      return places(laid);
    },
    (error: unknown) => {
      done = true;
      engine.elk.terminateWorker();
      throw error;
    },
  );
  return {
    layout,
    stop: () => {
      if (!done) engine.elk.terminateWorker();
    },
  };
}

function newEngine(): Engine {
  const worker = new ElkWorker();
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => reject(new Error(event.message || 'its script could not be loaded')));
  });
  broken.catch(() => {}); // Also while nobody waits for a layout.
  return { elk: new ELK({ workerFactory: () => worker }), broken };
}
