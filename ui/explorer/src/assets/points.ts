import { nameOf } from '@/versions/name';
import { numberAt } from './payloadNumbers';

/** A number of one version. */
export interface Point {
  snapshotId: string;
  /** ISO 8601. */
  producedAt: string;
  value: number;
  valid: boolean;
  /** The version in words. */
  title: string;
}

export interface WithPayload {
  snapshotId: string;
  producedAt: string;
  version: number;
  partitionKey?: string | null;
  valid: boolean;
  payload: unknown;
}

/** The numbers at a place of the payloads, the earliest first; `newestFirst` without it are left out. */
export function pointsOf(newestFirst: readonly WithPayload[], place: string): Point[] {
  return newestFirst
    .flatMap(({ snapshotId, producedAt, version, partitionKey, valid, payload }) => {
      const value = numberAt(payload, place);
      if (value === null) return [];
      return [{ snapshotId, producedAt, value, valid, title: nameOf({ partitionKey, version }) }];
    })
    .reverse();
}
