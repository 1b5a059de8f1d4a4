/** What breaks if this asset is late: everything downstream, nearest first, and whose it is. */
import { keepPreviousData } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { EdgeSource, ImpactQuery } from '@/api/generated/graphql';
import { useAnswer } from '@/api/useAnswer';
import { count, counted } from '@/format/numbers';
import { depthOf } from '@/routing/depth';
import { links } from '@/routing/links';
import { useValues } from '@/routing/useValues';
import { Button } from '@/ui/Button';
import { Choice } from '@/ui/Choice';
import { CsvButton } from '@/ui/CsvButton';
import { CutBanner } from '@/ui/CutBanner';
import { DepthStepper } from '@/ui/DepthStepper';
import { ListHead } from '@/ui/ListHead';
import { Empty, Failure, Loading } from '@/ui/Notice';
import styles from './AssetImpact.module.css';
import { ImpactTable } from './ImpactTable';
import { GROUPINGS, type Grouping, impactRows, impactTable } from './impact';

const IMPACT = graphql(`
  query Impact($asset: String!, $depth: Int, $limit: Int!, $source: EdgeSource!) {
    impact(assets: [$asset], depth: $depth, limit: $limit, source: $source) {
      assetCount stepCount workflowCount truncated truncationReason depthReached totalKnown
      byDistance {
        distance
        assets {
          key assetId distance workflows owners importance latestSnapshot latestVersion latestProducedAt deadline
          asset { freshness { state } }
        }
      }
      steps { key stepId name workflowSlug workflowName distance }
    }
    lineage(roots: [$asset], direction: DOWNSTREAM, depth: $depth, limit: $limit, source: $source) {
      edges { step }
    }
  }
`);

const SOURCES: readonly (readonly [EdgeSource, string])[] = [
  ['DECLARED', 'Declared'],
  ['OBSERVED', 'Observed'],
  ['ALL', 'Both'],
];

/** Assets in an answer, the asset itself among them: at first, and when more are asked for. */
const FEW = 1000;
const MOST = 10_000;

export default function AssetImpact({ assetId }: { assetId: string }) {
  const [values, change] = useValues();
  const depth = depthOf(values.get('depth'));
  const source = SOURCES.find(([each]) => each === values.get('source'))?.[0] ?? 'DECLARED';
  const by: Grouping = GROUPINGS.find((each) => each === values.get('by')) ?? 'distance';
  const limit = values.get('limit') === String(MOST) ? MOST : FEW;
  const { data, error, refetch, isPlaceholderData } = useAnswer(
    IMPACT,
    { asset: assetId, depth, limit, source },
    { placeholderData: keepPreviousData },
  );
  const rows = useMemo(() => (data ? impactRows(data, by) : []), [data, by]);
  const goTo = (hops: number | null): void => change({ depth: hops === null ? null : String(hops) });
  return (
    <div className={styles.impact}>
      <div className={styles.head}>
        <ListHead sentence={data && !error && sentence(data.impact)}>
          <Choice
            label="Grouped"
            value={by}
            options={[
              ['distance', 'By distance'],
              ['workflow', 'By workflow'],
            ]}
            onChange={(value) => change({ by: value === 'distance' ? null : value })}
          />
          <DepthStepper depth={depth} reached={data?.impact.depthReached} onChange={goTo} />
          <Choice
            label="Edges"
            value={source}
            options={SOURCES}
            onChange={(value) => change({ source: value === 'DECLARED' ? null : value })}
          />
          {rows.length > 0 && <CsvButton name={`impact-${assetId}`} table={() => impactTable(rows, by)} />}
        </ListHead>
      </div>
      {data?.impact.truncated && !error && (
        <div className={styles.banner}>
          <CutBanner
            what="asset"
            left={left(data.impact)}
            reason={data.impact.truncationReason}
            depthReached={data.impact.depthReached}
            more={limit < MOST ? { most: MOST, ask: () => change({ limit: String(MOST) }) } : null}
            within={goTo}
          />
        </div>
      )}
      <div className={styles.list} aria-busy={isPlaceholderData}>
        {error && (
          <Failure
            error={error}
            retry={refetch}
            actions={
              limit > FEW && <Button onClick={() => change({ limit: null })}>Show the nearest {count(FEW)}</Button>
            }
          />
        )}
        {!data && !error && <Loading label="what it reaches" bars={12} />}
        {data && !error && rows.length === 0 && (
          <Nothing assetId={assetId} source={source} all={() => change({ source: 'ALL' })} />
        )}
        {rows.length > 0 && !error && <ImpactTable rows={rows} by={by} />}
      </div>
    </div>
  );
}

type Impact = ImpactQuery['impact'];

function sentence({ assetCount, stepCount, workflowCount, totalKnown, truncated }: Impact): string {
  if (assetCount + stepCount === 0) return 'If it is late, nothing else is.';
  const shown = `${counted(assetCount, 'asset')} in ${counted(workflowCount, 'workflow')}, ${counted(stepCount, 'step')}`;
  if (!truncated) return `If it is late: ${shown}.`;
  const whole = totalKnown === null ? 'more assets than can be counted' : counted(totalKnown, 'asset');
  return `If it is late: ${whole}. Shown are the nearest: ${shown}.`;
}

const left = ({ assetCount, totalKnown }: Impact): number | null =>
  totalKnown === null ? null : totalKnown - assetCount;

function Nothing({ assetId, source, all }: { assetId: string; source: EdgeSource; all: () => void }) {
  return (
    <Empty
      title="Nothing consumes it"
      actions={
        <>
          {source !== 'ALL' && <Button onClick={all}>Look at both, declared and observed</Button>}
          <Link href={links.asset(assetId, 'lineage')}>What it is made from</Link>
        </>
      }
    >
      <p>
        {source === 'DECLARED' && 'No step of any workflow declares that it reads it.'}
        {source === 'OBSERVED' && 'No run was ever seen to read it.'}
        {source === 'ALL' && 'No step declares that it reads it, and no run was ever seen to.'}
      </p>
    </Empty>
  );
}
