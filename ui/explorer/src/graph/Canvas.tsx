/** The picture: cards and lines that one can pan, zoom and walk through with the arrow keys. */
import '@xyflow/react/dist/base.css';
import {
  Background,
  getViewportForBounds,
  MiniMap,
  type Node,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import styles from './Canvas.module.css';
import { type CanvasNode, NODE_TYPES } from './cards';
import type { Changes } from './changes';
import { FarContext } from './context';
import { Lines } from './Lines';
import { around } from './layout/bounds';
import type { Rect } from './layout/types';
import { type AssetCard, groupNode, type Seen } from './model';
import { type Step, walk } from './neighbours';
import type { Placed } from './useLayout';
import { ZoomTools } from './ZoomTools';

interface CanvasProps {
  placed: Placed;
  chosen: string | null;
  changes: Changes | null;
  marked: ReadonlySet<string>;
  /** Arrow keys chose another card. */
  onWalk: (id: string) => void;
  onOpen: (card: AssetCard) => void;
  /** Over the picture. */
  children?: ReactNode;
}

export const Canvas = (props: CanvasProps) => (
  <ReactFlowProvider>
    <Picture {...props} />
  </ReactFlowProvider>
);

/** With more cards than this only those in sight are in the page. */
const MANY = 120;

/** Below this zoom nobody reads: cards become spots. */
const FAR = 0.42;

/** A first picture that would be smaller than this begins at its root instead. */
const READABLE = FAR;

const ARROWS: Record<string, Step> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };

function Picture({ placed, chosen, changes, marked, onWalk, onOpen, children }: CanvasProps) {
  const { seen, layout } = placed;
  const flow = useReactFlow();
  const box = useRef<HTMLDivElement>(null);
  const far = useStore((state) => state.transform[2] < FAR);
  const reachable = chosen !== null && layout.nodes[chosen] ? chosen : firstCard(seen);
  const unmarked = useMemo(() => toNodes(placed, changes), [placed, changes]);
  const nodes = useMemo(() => withMarks(unmarked, chosen, reachable), [unmarked, chosen, reachable]);
  useSteadyView(placed, reachable, box);

  const onKey = (event: KeyboardEvent | React.KeyboardEvent): void => {
    // With these the browser has its own plans: Alt and an arrow goes back.
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = ARROWS[event.key];
    if (event.key === 'Enter' && !isOtherControl(event.target)) {
      const card = seen.cards.find((each) => each.id === chosen);
      if (card?.kind === 'asset') {
        event.preventDefault();
        onOpen(card);
      }
    }
    if (!step || reachable === null) return;
    event.preventDefault();
    const next = chosen === null ? reachable : walk(reachable, step, seen.lines, layout.nodes);
    if (next === null) return;
    onWalk(next);
    bringIntoSight(layout.nodes[next] as Rect);
    requestAnimationFrame(() => focusCard(box.current, next));
  };
  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    // Also before anything in the picture has the focus.
    const fromOutside = (event: KeyboardEvent): void => {
      if (event.target === document.body || event.target === document.getElementById('main')) latest.current(event);
    };
    window.addEventListener('keydown', fromOutside);
    return () => window.removeEventListener('keydown', fromOutside);
  }, []);

  const bringIntoSight = (place: Rect): void => {
    const element = box.current;
    if (!element) return;
    const { x, y, zoom } = flow.getViewport();
    const [left, top] = [place.x * zoom + x, place.y * zoom + y];
    const inside =
      left >= 0 &&
      top >= 0 &&
      left + place.width * zoom <= element.clientWidth &&
      top + place.height * zoom <= element.clientHeight;
    if (!inside) void flow.setCenter(place.x + place.width / 2, place.y + place.height / 2, { zoom });
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the cards in it are buttons; this hears their keys
    <div ref={box} className={styles.canvas} data-far={far || undefined} onKeyDown={onKey}>
      <FarContext value={far}>
        <ReactFlow<CanvasNode>
          nodes={nodes}
          edges={[]}
          nodeTypes={NODE_TYPES}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          elementsSelectable={false}
          edgesFocusable={false}
          disableKeyboardA11y
          proOptions={{ hideAttribution: true }}
          deleteKeyCode={null}
          zoomOnDoubleClick={false}
          onlyRenderVisibleElements={nodes.length > MANY}
          minZoom={0.04}
          maxZoom={1.75}
          aria-label="Lineage graph"
        >
          <Background gap={24} size={1} className={styles.background} />
          <Lines placed={placed} chosen={chosen} changes={changes?.edges ?? null} marked={marked} />
          {seen.cards.length > 12 && (
            <MiniMap pannable zoomable nodeColor={miniColor} nodeStrokeWidth={0} ariaLabel="Overview of the graph" />
          )}
        </ReactFlow>
      </FarContext>
      <ZoomTools />
      {children}
    </div>
  );
}

const firstCard = (seen: Seen): string | null =>
  (seen.cards.find((card) => card.kind === 'asset' && card.root) ?? seen.cards[0])?.id ?? null;

/** A button that Enter presses, other than the card that is chosen. */
const isOtherControl = (target: EventTarget | null): boolean =>
  target instanceof Element && target.matches('button, a, input, select') && !target.matches('[aria-pressed="true"]');

function focusCard(canvas: HTMLElement | null, id: string): void {
  canvas?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"] button`)?.focus({ preventScroll: true });
}

function toNodes({ seen, layout }: Placed, changes: Changes | null): CanvasNode[] {
  const boxes: CanvasNode[] = seen.boxes.flatMap(({ group, cards }) => {
    const id = groupNode(group.slug);
    const place = layout.boxes[id];
    return place ? [{ ...at(id, place), type: 'box' as const, zIndex: -2, data: { group, cards: cards.length } }] : [];
  });
  const cards = seen.cards.flatMap((card) => {
    const place = layout.nodes[card.id];
    if (!place) return [];
    const common = { chosen: false, reachable: false, change: changes?.cards.get(card.id) };
    const versionBefore = card.kind === 'asset' ? changes?.versionsBefore.get(card.fact.key) : undefined;
    return [{ ...at(card.id, place), type: card.kind, data: { card, versionBefore, ...common } } as CanvasNode];
  });
  return [...boxes, ...cards];
}

/** Nodes that are not concerned stay the same objects: their cards are not drawn anew. */
const withMarks = (nodes: readonly CanvasNode[], chosen: string | null, reachable: string | null): CanvasNode[] =>
  nodes.map((node) =>
    node.id === chosen || node.id === reachable
      ? ({
          ...node,
          data: { ...node.data, chosen: node.id === chosen, reachable: node.id === reachable },
        } as CanvasNode)
      : node,
  );

/** The size is said at once, so that nothing has to be measured before it is shown. */
const at = (id: string, { x, y, width, height }: Rect) => ({ id, position: { x, y }, width, height });

function miniColor(node: Node): string {
  if (node.type === 'box') return 'transparent';
  const data = node.data as { chosen?: boolean; card?: { root?: boolean } };
  return data.chosen || data.card?.root ? 'var(--accent)' : 'var(--line-strong)';
}

/** The first picture fits the window; afterwards the card one works at stays where it is, whatever comes or goes. */
function useSteadyView(placed: Placed, anchor: string | null, box: React.RefObject<HTMLDivElement | null>): void {
  const flow = useReactFlow();
  const before = useRef<Placed | null>(null);
  useEffect(() => {
    const element = box.current;
    const earlier = before.current;
    if (!element || earlier === placed) return;
    before.current = placed;
    if (earlier?.layout === placed.layout) return;
    const now = anchor === null ? undefined : placed.layout.nodes[anchor];
    const then = anchor === null ? undefined : earlier?.layout.nodes[anchor];
    const { x, y, zoom } = flow.getViewport();
    if (now && then) {
      void flow.setViewport({ x: x + (then.x - now.x) * zoom, y: y + (then.y - now.y) * zoom, zoom });
      return;
    }
    const bounds = around(Object.values(placed.layout.nodes));
    const size = [element.clientWidth, element.clientHeight] as const;
    const fitting = getViewportForBounds(bounds, ...size, 0.04, 1, 0.08);
    if (fitting.zoom >= READABLE || !now) void flow.setViewport(fitting);
    else void flow.setViewport(beginningAt(now, bounds, size));
  }, [placed, anchor, flow, box]);
}

/** Shows the root of a picture that is too large for the window, and as much on either side as there is to see. */
function beginningAt(root: Rect, bounds: Rect, [width, height]: readonly [number, number]) {
  const zoom = 0.8;
  const share = bounds.width > root.width ? (root.x - bounds.x) / (bounds.width - root.width) : 0.5;
  const left = 40 + share * Math.max(0, width - 80 - root.width * zoom);
  return { x: left - root.x * zoom, y: height / 2 - (root.y + root.height / 2) * zoom, zoom };
}
