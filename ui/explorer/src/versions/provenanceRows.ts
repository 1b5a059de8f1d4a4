/** Versions that one was made from, and those that were made from it, as rows of a list and of its CSV. */
import type { ProvenanceQuery } from '@/api/generated/graphql';
import type { Cell } from '@/format/csv';
import { grouped } from '@/format/groups';
import { counted } from '@/format/numbers';
import { RUN } from '@/format/states';

type Provenance = ProvenanceQuery['provenance'];
export type Version = Provenance['snapshots'][number];
export type Run = Provenance['runs'][number];
export type Step = Provenance['steps'][number];

/** `up`: it was made from these; `down`: these were made from it. */
export type Side = 'up' | 'down';

export type Row =
  | { kind: 'group'; key: string; words: string }
  | { kind: 'version'; key: string; side: Side; version: Version; run: Run | undefined; step: Step | undefined }
  | { kind: 'run'; key: string; side: Side; run: Run }
  | { kind: 'step'; key: string; side: Side; step: Step };

/** Which side each version is on, by the edges from the version asked about; itself is on neither. */
export function sidesOf(root: string, edges: Provenance['edges']): Map<string, Side> {
  const sides = new Map<string, Side>();
  for (const [side, near, far] of [
    ['up', 'target', 'source'],
    ['down', 'source', 'target'],
  ] as const) {
    const next = grouped(edges, (edge) => edge[near]);
    let level = [root];
    while (level.length > 0) {
      const found = level.flatMap((id) => next.get(id)?.map((edge) => edge[far]) ?? []);
      level = [...new Set(found)].filter((id) => id !== root && !sides.has(id));
      for (const id of level) sides.set(id, side);
    }
  }
  return sides;
}

/**
 * Groups, first what it was made from, nearest first. Behind the versions of a distance stand the runs and steps that
 * read one of them and left nothing behind: no version tells of these.
 */
export function provenanceRows(root: string, { snapshots, edges, runs, steps }: Provenance): Row[] {
  const sides = sidesOf(root, edges);
  const runById = new Map(runs.map((run) => [run.id, run]));
  const stepByKey = new Map(steps.map((step) => [stepKey(step), step]));
  const places = grouped(
    snapshots.filter((version) => version.id !== root),
    (version) => `${sides.get(version.id) ?? 'down'} ${version.distance}`,
  );
  const emitting = new Set(snapshots.map((version) => version.runId));
  const made = new Set(snapshots.map(stepKey));
  const readers = grouped(
    runs.filter((run) => !emitting.has(run.id)),
    (run) => `down ${run.distance}`,
  );
  const ends = grouped(
    steps.filter((step) => !made.has(stepKey(step))),
    (step) => `down ${step.distance}`,
  );
  const keys = new Set([...places.keys(), ...readers.keys(), ...ends.keys()]);
  return [...keys]
    .map(placeOf)
    .sort(inOrder)
    .flatMap(({ key, side, distance }) => {
      const versions = places.get(key) ?? [];
      return [
        { kind: 'group', key, words: words(side, distance, versions) },
        ...versions.map((version): Row => {
          const by = { run: runById.get(version.runId), step: stepByKey.get(stepKey(version)) };
          return { kind: 'version', key: version.id, side, version, ...by };
        }),
        ...(readers.get(key) ?? []).map((run): Row => ({ kind: 'run', key: `run ${run.id}`, side, run })),
        ...(ends.get(key) ?? []).map((step): Row => ({ kind: 'step', key: `step ${step.key}`, side, step })),
      ];
    });
}

interface Place {
  key: string;
  side: Side;
  distance: number;
}

function placeOf(key: string): Place {
  const [side, distance] = key.split(' ') as [Side, string];
  return { key, side, distance: Number(distance) };
}

const inOrder = (one: Place, other: Place): number =>
  one.side === other.side ? one.distance - other.distance : one.side === 'up' ? -1 : 1;

const stepKey = ({ workflowSlug, stepId }: { workflowSlug: string; stepId: string }): string =>
  `${workflowSlug.toLowerCase()} ${stepId}`;

function words(side: Side, distance: number, versions: readonly Version[]): string {
  const invalid = versions.filter((version) => !version.valid).length;
  const counts = [versions.length > 0 && counted(versions.length, 'version'), invalid > 0 && `${invalid} invalid`];
  const title = `${side === 'up' ? 'It was made from' : 'Made from it'}, ${counted(distance, 'hop')}`;
  const told = counts.filter(Boolean).join(', ');
  return told ? `${title}: ${told}` : title;
}

const HEADER = [
  ...['side', 'distance', 'asset', 'partition', 'version', 'snapshot', 'produced', 'valid'],
  ...['workflow', 'run', 'status', 'step', 'attempt'],
];
const SIDE: Record<Side, string> = { up: 'upstream', down: 'downstream' };

/** The rows as they are shown, headings left out. */
export function provenanceTable(rows: readonly Row[]): { header: string[]; rows: Cell[][] } {
  return { header: HEADER, rows: rows.filter((row) => row.kind !== 'group').map(cells) };
}

function cells(row: Exclude<Row, { kind: 'group' }>): Cell[] {
  const nothing: null[] = [null, null, null, null, null, null];
  switch (row.kind) {
    case 'version': {
      const { version, run } = row;
      return [
        ...[SIDE[row.side], version.distance, version.assetId, version.partitionKey, version.version, version.id],
        ...[version.producedAt, version.valid ? 'yes' : 'no'],
        ...[version.workflowSlug, version.runId, run && RUN[run.status].word, version.stepId, version.attempt],
      ];
    }
    case 'run':
      return [
        SIDE[row.side],
        row.run.distance,
        ...nothing,
        row.run.workflowSlug,
        row.run.id,
        RUN[row.run.status].word,
        null,
        null,
      ];
    case 'step':
      return [SIDE[row.side], row.step.distance, ...nothing, row.step.workflowSlug, null, null, row.step.stepId, null];
  }
}
