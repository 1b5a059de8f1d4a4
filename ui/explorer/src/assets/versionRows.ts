/** A history as the rows of a list: a heading for each day, and which versions hold the same as those before. */
import type { HistoryQuery } from '@/api/generated/graphql';
import { day } from '@/format/time';

export type Version = NonNullable<HistoryQuery['asset']>['history']['nodes'][number];

export type VersionRow = { day: string } | { version: Version; isSame: boolean };

/** Rows of versions that stand newest first. */
export function versionRows(versions: readonly Version[]): VersionRow[] {
  const same = sameAsBefore(versions);
  const rows: VersionRow[] = [];
  let last: string | undefined;
  for (const version of versions) {
    const its = day(version.producedAt);
    if (its !== last) rows.push({ day: its });
    last = its;
    rows.push({ version, isSame: same.has(version.snapshotId) });
  }
  return rows;
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
