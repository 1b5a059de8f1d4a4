/**
 * The lines of the canvas in one drawing of its own. React Flow's edges are a component each; a lattice of 2,000
 * assets has 5,700 of them, and they would be most of the time that a picture takes.
 */
import { ViewportPortal } from '@xyflow/react';
import { memo, useMemo, useState } from 'react';
import { grouped } from '@/format/groups';
import { counted } from '@/format/numbers';
import { type Change, changeOf } from './changes';
import { type Curve, curve } from './curves';
import styles from './Lines.module.css';
import type { Line } from './model';
import type { Placed } from './useLayout';

interface LinesProps {
  placed: Placed;
  chosen: string | null;
  changes: ReadonlyMap<string, Change> | null;
  /** Ids of lines to bring out, such as a shortest path. */
  marked: ReadonlySet<string>;
}

/** With more lines than this nobody points at one. */
const POINTABLE = 500;

/** With more cards at the ends of lines than this their names are noise. */
const NAMED = 12;

interface Drawn {
  line: Line;
  curve: Curve;
  look: Change | 'plain' | 'marked';
}

export const Lines = memo(({ placed, chosen, changes, marked }: LinesProps) => {
  const [pointed, setPointed] = useState<string | null>(null);
  const drawn = useMemo(() => draw(placed, changes, marked), [placed, changes, marked]);
  const looks = useMemo(() => grouped(drawn, (each) => each.look), [drawn]);
  const near = drawn.filter(({ line }) => line.source === chosen || line.target === chosen || line.id === pointed);
  const under = near.find(({ line }) => line.id === pointed);
  return (
    <ViewportPortal>
      <svg className={styles.lines} aria-hidden="true">
        {[...looks].map(([look, lines]) => (
          <g key={look} className={styles[look]}>
            <path className={styles.line} d={lines.map((each) => each.curve.path).join('')} />
            <path className={styles.arrow} d={lines.map((each) => each.curve.head).join('')} />
          </g>
        ))}
        <g className={styles.near}>
          {near.map(({ line, curve: { path, head } }) => (
            <g key={line.id}>
              <path className={styles.line} d={path} />
              <path className={styles.arrow} d={head} />
            </g>
          ))}
        </g>
        {drawn.length <= POINTABLE &&
          drawn.map(({ line, curve: { path } }) => (
            <path
              key={line.id}
              className={styles.reach}
              d={path}
              onPointerEnter={() => setPointed(line.id)}
              onPointerLeave={() => setPointed(null)}
            />
          ))}
      </svg>
      {namesBefore(near).map(({ name, at: { x, y } }) => (
        <div key={`${x} ${y} ${name}`} className={styles.before} style={{ transform: `translate(${x}px, ${y}px)` }}>
          <span>{name}</span>
        </div>
      ))}
      {under && under.line.steps.length > 0 && (
        <div
          className={styles.under}
          style={{ transform: `translate(${under.curve.middle.x}px, ${under.curve.middle.y}px)` }}
        >
          <span>{stepsOf(under.line)}</span>
        </div>
      )}
    </ViewportPortal>
  );
});

function draw(placed: Placed, changes: ReadonlyMap<string, Change> | null, marked: ReadonlySet<string>): Drawn[] {
  return placed.seen.lines.flatMap((line) => {
    const [from, to] = [placed.layout.nodes[line.source], placed.layout.nodes[line.target]];
    if (!from || !to) return [];
    const change = changes ? changeOf(line, changes) : undefined;
    return [{ line, curve: curve(from, to), look: marked.has(line.id) ? 'marked' : (change ?? 'plain') }];
  });
}

/** The steps' names stand before what they make: once, however many lines lead there. */
function namesBefore(near: readonly Drawn[]): { name: string; at: { x: number; y: number } }[] {
  const byTarget = grouped(near, ({ line }) => line.target);
  if (byTarget.size > NAMED) return [];
  return [...byTarget.values()].flatMap((lines) => {
    const steps = lines.flatMap(({ line }) => line.steps);
    const first = lines[0];
    return first && steps.length > 0 ? [{ name: stepsOf({ steps }), at: first.curve.end }] : [];
  });
}

/** The names of the steps that make the target; of many only how many. */
export function stepsOf({ steps }: Pick<Line, 'steps'>): string {
  const names = [...new Set(steps.map((step) => step.name))];
  return names.length <= 2 ? names.join(', ') : counted(names.length, 'step');
}
