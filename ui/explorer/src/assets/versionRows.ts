/** A history as the rows of a list: a heading for each day or month, and which versions hold the same as before. */
import type { HistoryQuery } from '@/api/generated/graphql';
import { day, month } from '@/format/time';

export type Version = NonNullable<HistoryQuery['asset']>['history']['nodes'][number];

export type VersionRow = { heading: string } | { version: Version; isSame: boolean };

export interface VersionRows {
  /** What the headings stand for: days, unless most of them would have one version alone. */
  span: 'day' | 'month';
  rows: VersionRow[];
}

/** Rows of versions that stand newest first. */
export function versionRows(versions: readonly Version[]): VersionRows {
  const same = sameAsBefore(versions);
  const days = new Set(versions.map((version) => day(version.producedAt)));
  const span = versions.length >= 2 * days.size ? 'day' : 'month';
  const rows: VersionRow[] = [];
  let last: string | undefined;
  for (const version of versions) {
    const heading = (span === 'day' ? day : month)(version.producedAt);
    if (heading !== last) rows.push({ heading });
    last = heading;
    rows.push({ version, isSame: same.has(version.snapshotId) });
  }
  return { span, rows };
}

/** Ids of versions whose payload is that of the one before them in their partition. */
function sameAsBefore(versions: readonly Version[]): Set<string> {
  const same = new Set<string>();
  const newer = new Map<string | null | undefined, Version>();
  for (const version of versions) {
    const next = newer.get(version.partitionKey);
    if (next?.payloadDigest === version.payloadDigest) same.add(next.snapshotId);
    newer.set(version.partitionKey, version);
  }
  return same;
}

/** The two versions that are chosen to be compared, after one is chosen or let go; of three the first goes. */
export function toggled(chosen: readonly string[], id: string): string[] {
  return chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id].slice(-2);
}

/** Two chosen versions in the order in which they were produced: what came first is compared with what came after. */
export function inOrder(chosen: readonly string[], newestFirst: readonly Version[]): string[] {
  const place = (id: string): number => newestFirst.findIndex((version) => version.snapshotId === id);
  return [...chosen].sort((one, other) => place(other) - place(one));
}
