/** A way between two assets, on what is drawn of it: steps may stand in between, and shut boxes around its ends. */
import type { Line } from './model';

interface Hop {
  source: string;
  target: string;
}

/** Ids of the lines that the hops (asset keys) run along. */
export function along(lines: readonly Line[], hops: readonly Hop[]): ReadonlySet<string> {
  const wanted = new Set(hops.map(({ source, target }) => `${source}|${target}`));
  return new Set(lines.filter((line) => line.edges.some((edge) => wanted.has(endsOf(edge)))).map((line) => line.id));
}

/** Of an `edgeKey`, without its step, which may hold any sign. */
const endsOf = (edge: string): string => edge.slice(0, edge.indexOf('|')) + edge.slice(edge.lastIndexOf('|'));
