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

/** With more lines at one card than this their names would cover each other. */
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
  const named = near.length <= NAMED ? near : near.filter(({ line }) => line.id === pointed);
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
      {named.map(({ line, curve: { middle } }) =>
        line.steps.length === 0 ? null : (
          <div key={line.id} className={styles.name} style={{ transform: `translate(${middle.x}px, ${middle.y}px)` }}>
            <span>{stepsOf(line)}</span>
          </div>
        ),
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

/** The names of the steps that make the target; of many only how many. */
export function stepsOf(line: Line): string {
  const names = [...new Set(line.steps.map((step) => step.name))];
  return names.length <= 2 ? names.join(', ') : counted(names.length, 'step');
}
