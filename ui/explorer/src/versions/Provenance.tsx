/** What a version was made from, what was made from it, and the runs between; as a list and as a picture. */
import { keepPreviousData } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { graphql } from '@/api/generated';
import type { Direction, ProvenanceQuery } from '@/api/generated/graphql';
import { useAnswer } from '@/api/useAnswer';
import { count, counted } from '@/format/numbers';
import { depthOf } from '@/routing/depth';
import { useValues } from '@/routing/useValues';
import { Button } from '@/ui/Button';
import { Choice } from '@/ui/Choice';
import { CsvButton } from '@/ui/CsvButton';
import { CutBanner } from '@/ui/CutBanner';
import { DepthStepper } from '@/ui/DepthStepper';
import { ListHead } from '@/ui/ListHead';
import { Empty, Failure, Loading } from '@/ui/Notice';
import styles from './Provenance.module.css';
import { ProvenanceTable } from './ProvenanceTable';
import { provenanceRows, provenanceTable, sidesOf } from './provenanceRows';

const ProvenancePicture = lazy(() => import('./ProvenancePicture'));

const PROVENANCE = graphql(`
  query Provenance($snapshot: String!, $direction: Direction!, $depth: Int, $limit: Int!) {
    provenance(snapshot: $snapshot, direction: $direction, depth: $depth, limit: $limit) {
      snapshots {
        id assetId version partitionKey producedAt valid distance runId stepId workflowSlug attempt
      }
      edges { source target }
      runs { id status workflowSlug distance run { number } }
      steps { key stepId name workflowSlug distance }
      truncated truncationReason depthReached totalKnown
    }
  }
`);

const DIRECTIONS: readonly (readonly [Direction, string])[] = [
  ['UPSTREAM', 'Made from'],
  ['BOTH', 'Both'],
  ['DOWNSTREAM', 'Made from it'],
];

/** Versions in an answer, the one asked about among them: at first, and when more are asked for. */
const FEW = 500;
const MOST = 10_000;

export function Provenance({ snapshotId }: { snapshotId: string }) {
  const [values, change] = useValues();
  const direction = DIRECTIONS.find(([each]) => each === values.get('direction'))?.[0] ?? 'BOTH';
  const depth = depthOf(values.get('depth'));
  const limit = values.get('limit') === String(MOST) ? MOST : FEW;
  const display = values.get('show') === 'picture' ? 'picture' : 'list';
  const { data, error, refetch, isPlaceholderData } = useAnswer(
    PROVENANCE,
    { snapshot: snapshotId, direction, depth, limit },
    { placeholderData: keepPreviousData },
  );
  const answer = data?.provenance;
  const rows = useMemo(() => (answer ? provenanceRows(snapshotId, answer) : []), [answer, snapshotId]);
  const goTo = (hops: number | null): void => change({ depth: hops === null ? null : String(hops) });
  return (
    <div className={styles.provenance}>
      <ListHead sentence={answer && !error && sentence(snapshotId, answer)}>
        <Choice
          label="Direction"
          value={direction}
          options={DIRECTIONS}
          onChange={(value) => change({ direction: value === 'BOTH' ? null : value })}
        />
        <DepthStepper depth={depth} reached={answer?.depthReached} onChange={goTo} />
        <Choice
          label="Shown as"
          value={display}
          options={[
            ['list', 'List'],
            ['picture', 'Picture'],
          ]}
          onChange={(value) => change({ show: value === 'list' ? null : value })}
        />
        {rows.length > 0 && <CsvButton name={`provenance-${snapshotId}`} table={() => provenanceTable(rows)} />}
      </ListHead>
      {answer?.truncated && !error && (
        <CutBanner
          what="version"
          left={answer.totalKnown === null ? null : answer.totalKnown - answer.snapshots.length}
          reason={answer.truncationReason}
          depthReached={answer.depthReached}
          more={limit < MOST ? { most: MOST, ask: () => change({ limit: String(MOST) }) } : null}
          within={goTo}
        />
      )}
      {error && (
        <Failure
          error={error}
          retry={refetch}
          actions={
            limit > FEW && <Button onClick={() => change({ limit: null })}>Show the nearest {count(FEW)}</Button>
          }
        />
      )}
      {!answer && !error && <Loading label="the provenance" />}
      {answer && !error && rows.length === 0 && (
        <Nothing direction={direction} both={() => change({ direction: null })} />
      )}
      {answer && !error && rows.length > 0 && (
        <div aria-busy={isPlaceholderData} className={styles.answer}>
          {display === 'list' ? (
            <ProvenanceTable rows={rows} />
          ) : (
            <Suspense fallback={<Loading label="the picture" />}>
              <ProvenancePicture root={snapshotId} versions={answer.snapshots} edges={answer.edges} />
            </Suspense>
          )}
        </div>
      )}
    </div>
  );
}

function sentence(root: string, { snapshots, edges }: ProvenanceQuery['provenance']): string {
  const sides = [...sidesOf(root, edges).values()];
  const up = sides.filter((side) => side === 'up').length;
  const invalid = snapshots.filter((version) => version.id !== root && !version.valid).length;
  return [
    up > 0 && `Made from ${counted(up, 'version')}.`,
    sides.length > up && `${counted(sides.length - up, 'version')} made from it.`,
    invalid > 0 && `${counted(invalid, 'of them is', 'of them are')} invalid.`,
  ]
    .filter(Boolean)
    .join(' ');
}

const NOTHING: Record<Direction, string> = {
  UPSTREAM: 'The attempt that left it behind read no version, or told of none.',
  DOWNSTREAM: 'No attempt at a step has read it.',
  BOTH: 'The attempt that left it behind read no version, and no other attempt has read it.',
};

function Nothing({ direction, both }: { direction: Direction; both: () => void }) {
  return (
    <Empty
      title={direction === 'DOWNSTREAM' ? 'Nothing was made from it' : 'It was made from nothing that is known'}
      actions={direction !== 'BOTH' && <Button onClick={both}>Look both ways</Button>}
    >
      <p>{NOTHING[direction]}</p>
    </Empty>
  );
}
