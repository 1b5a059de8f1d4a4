/** Two JSON values as aligned lines: what stands beside what, and which words of a line differ. */
import { diffArrays, diffWordsWithSpace } from 'diff';

export interface Part {
  text: string;
  /** Only on this side. */
  marked: boolean;
}

export interface Line {
  /** 1, 2, 3 … on its side. */
  number: number;
  parts: readonly Part[];
}

/** One line of the comparison; `changed` has both sides, and they differ. */
export type Row =
  | { kind: 'same' | 'changed'; before: Line; after: Line }
  | { kind: 'gone'; before: Line; after: null }
  | { kind: 'added'; before: null; after: Line };

/** Rows to show, or a stretch of unchanged ones that starts folded. */
export interface Stretch {
  folded: boolean;
  rows: readonly Row[];
}

/** Beyond so many edits the values have nothing in common worth the wait: one stands below the other. */
const MOST_EDITS = 2000;
/** Characters of a line beyond which words are not looked for. */
const LONG_LINE = 2000;

/** The rows of both values. The order of keys means nothing in JSON: both are written by key. */
export function compareJson(before: unknown, after: unknown): Row[] {
  const [left, right] = [written(before), written(after)];
  const changes = diffArrays(left, right, { comparator: alike, maxEditLength: MOST_EDITS });
  if (!changes) return [...left.map(gone), ...right.map(added)];
  const rows: Row[] = [];
  let [leftAt, rightAt] = [0, 0];
  for (const [index, { removed, added: isAdded, value }] of changes.entries()) {
    if (!removed && !isAdded) {
      for (const _ of value) rows.push(same(left[leftAt] ?? '', leftAt++, right[rightAt] ?? '', rightAt++));
      continue;
    }
    // What was removed comes first, what came in its place next; both are taken at once.
    if (isAdded && changes[index - 1]?.removed) continue;
    const next = changes[index + 1];
    const [out, into] = removed ? [value.length, next?.added ? next.value.length : 0] : [0, value.length];
    rows.push(...paired(left.slice(leftAt, leftAt + out), right.slice(rightAt, rightAt + into), leftAt, rightAt));
    leftAt += out;
    rightAt += into;
  }
  return rows;
}

/** Long stretches of unchanged rows folded, `context` rows beside a change left in sight. */
export function fold(rows: readonly Row[], context = 3): Stretch[] {
  const stretches: Stretch[] = [];
  let start = 0;
  while (start < rows.length) {
    const same = rows[start]?.kind === 'same';
    let end = start;
    while (end < rows.length && (rows[end]?.kind === 'same') === same) end++;
    const from = same && start > 0 ? start + context : start;
    const to = same && end < rows.length ? end - context : end;
    if (!same || to - from < 2) push(stretches, rows.slice(start, end));
    else {
      push(stretches, rows.slice(start, from));
      stretches.push({ folded: true, rows: rows.slice(from, to) });
      push(stretches, rows.slice(to, end));
    }
    start = end;
  }
  return stretches;
}

function push(stretches: Stretch[], rows: readonly Row[]): void {
  if (rows.length === 0) return;
  const last = stretches.at(-1);
  if (last && !last.folded) last.rows = last.rows.concat(rows);
  else stretches.push({ folded: false, rows });
}

const written = (value: unknown): string[] => (JSON.stringify(byKey(value), null, 2) ?? '').split('\n');

function byKey(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(byKey);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, item]) => [key, byKey(item)]),
  );
}

/** A comma at the end tells of the next line, not of this one. */
const bare = (line: string): string => line.replace(/,$/, '');
const alike = (one: string, other: string): boolean => bare(one) === bare(other);

/** Where a line stands: its indentation and key. Lines of the same place are set beside each other. */
const place = (line: string): string => /^ *("(?:[^"\\]|\\.)*":)?/.exec(line)?.[0] ?? '';

/** The rows of a stretch that differs; `leftAt` and `rightAt` are the lines above it on either side. */
function paired(left: readonly string[], right: readonly string[], leftAt: number, rightAt: number): Row[] {
  const rows: Row[] = [];
  let [l, r] = [0, 0];
  for (const change of diffArrays(left.map(place), right.map(place))) {
    for (const _ of change.value) {
      if (change.removed) rows.push(gone(left[l] ?? '', leftAt + l++));
      else if (change.added) rows.push(added(right[r] ?? '', rightAt + r++));
      else rows.push(beside(left[l] ?? '', leftAt + l++, right[r] ?? '', rightAt + r++));
    }
  }
  return rows;
}

const plain = (text: string, index: number): Line => ({ number: index + 1, parts: [{ text, marked: false }] });
const gone = (text: string, index: number): Row => ({ kind: 'gone', before: plain(text, index), after: null });
const added = (text: string, index: number): Row => ({ kind: 'added', before: null, after: plain(text, index) });
const same = (left: string, l: number, right: string, r: number): Row => ({
  kind: 'same',
  before: plain(left, l),
  after: plain(right, r),
});

function beside(left: string, l: number, right: string, r: number): Row {
  if (alike(left, right)) return same(left, l, right, r);
  const changes =
    left.length + right.length > LONG_LINE
      ? [
          { value: left, removed: true, added: false },
          { value: right, removed: false, added: true },
        ]
      : diffWordsWithSpace(left, right);
  const side = (own: 'added' | 'removed', other: 'added' | 'removed'): Part[] =>
    changes.filter((change) => !change[other]).map((change) => ({ text: change.value, marked: change[own] }));
  return {
    kind: 'changed',
    before: { number: l + 1, parts: side('removed', 'added') },
    after: { number: r + 1, parts: side('added', 'removed') },
  };
}
