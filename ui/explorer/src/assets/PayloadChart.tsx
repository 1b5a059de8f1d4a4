/** One number of the payloads over time; a point leads to its version. */
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { exact, ticks } from '@/format/time';
import { useTheme } from '@/ui/useTheme';
import styles from './PayloadChart.module.css';
import type { Point } from './points';

interface PayloadChartProps {
  name: string;
  /** By time, the earliest first. */
  points: readonly Point[];
  onChoose: (point: Point) => void;
}

const HEIGHT = 220;
/** Points beyond which the line alone is drawn. */
const MOST_DOTS = 300;

export default function PayloadChart({ name, points, onChoose }: PayloadChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const choose = useRef(onChoose);
  choose.current = onChoose;
  const [at, setAt] = useState<Point | null>(null);
  const theme = useTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read anew when the theme changes
  useEffect(() => {
    const box = host.current;
    if (!box) return;
    const chart = new uPlot(
      options(box, name, points, (point) => setAt(point)),
      data(points),
      box,
    );
    const onClick = (): void => {
      const point = points[chart.cursor.idx ?? -1];
      if (point) choose.current(point);
    };
    chart.over.addEventListener('click', onClick);
    const watched = new ResizeObserver(() => chart.setSize({ width: box.clientWidth, height: HEIGHT }));
    watched.observe(box);
    return () => {
      watched.disconnect();
      chart.destroy();
    };
  }, [name, points, theme]);
  return (
    <figure className={styles.figure}>
      <div ref={host} className={styles.chart} role="img" aria-label={summary(name, points)} />
      <figcaption className={styles.caption}>
        {at ? (
          <>
            <strong>{at.value}</strong> in {at.title}, {exact(at.producedAt)}
            {!at.valid && ', invalid'}
          </>
        ) : (
          'Point at the line for a value; a click shows its version.'
        )}
      </figcaption>
    </figure>
  );
}

function summary(name: string, points: readonly Point[]): string {
  const values = points.map((point) => point.value);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return `${name}: no values`;
  const range = `from ${Math.min(...values)} to ${Math.max(...values)}`;
  return `${name} over ${points.length} versions, ${range}; the newest is ${last.value}. The same as a table: button above.`;
}

/** Times in seconds, values, and once more those of versions that do not fit their schema. */
function data(points: readonly Point[]): uPlot.AlignedData {
  return [
    points.map((point) => Date.parse(point.producedAt) / 1000),
    points.map((point) => point.value),
    points.map((point) => (point.valid ? null : point.value)),
  ];
}

function options(
  box: HTMLElement,
  name: string,
  points: readonly Point[],
  onPoint: (point: Point | null) => void,
): uPlot.Options {
  const colour = (token: string): string => resolved(box, token);
  const style = getComputedStyle(box);
  const axis: uPlot.Axis = {
    stroke: colour('--muted'),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
  };
  return {
    width: box.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 9, width: 2, stroke: colour('--accent'), fill: colour('--surface') },
    },
    // One point has no span of its own: half a day on either side.
    scales: points.length === 1 ? { x: { range: (_, min, max) => [min - 43_200, max + 43_200] } } : {},
    axes: [
      { ...axis, size: 30, values: (_, seconds) => ticks(seconds) },
      { ...axis, size: (_, texts) => 18 + 7 * Math.max(...(texts ?? ['']).map((text) => text.length)) },
    ],
    series: [
      {},
      {
        label: name,
        stroke: colour('--accent'),
        width: 1.5,
        points: { show: points.length <= MOST_DOTS, size: 5, fill: colour('--accent') },
      },
      {
        label: `${name}, invalid`,
        stroke: colour('--expired'),
        paths: () => null,
        points: { show: true, size: 10, width: 2, fill: colour('--surface') },
      },
    ],
    hooks: { setCursor: [(chart) => onPoint(points[chart.cursor.idx ?? -1] ?? null)] },
  };
}

/** A token's colour as a canvas takes it: it knows no `light-dark()`. */
function resolved(box: HTMLElement, token: string): string {
  box.style.color = `var(${token})`;
  const { color } = getComputedStyle(box);
  box.style.color = '';
  return color;
}
