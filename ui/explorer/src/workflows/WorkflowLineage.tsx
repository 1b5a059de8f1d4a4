/** The lineage of a workflow: all its assets, as far as one picture holds them. */
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { WorkflowAssetsQuery } from '@/api/generated/graphql';
import { useAnswers } from '@/api/useAnswers';
import { count } from '@/format/numbers';
import { links } from '@/routing/links';
import { Banner, Empty, Failure, Loading } from '@/ui/Notice';
import { PageBody } from '@/ui/Page';
import styles from './WorkflowPage.module.css';

const LineageExplorer = lazy(async () => ({
  default: (await import('@/graph/LineageExplorer')).LineageExplorer,
}));

const WORKFLOW_ASSETS = graphql(`
  query WorkflowAssets($slug: String!, $after: String) {
    workflow(slug: $slug) {
      assets(first: 100, after: $after) {
        nodes { assetId }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`);

const list = (answer: WorkflowAssetsQuery) => answer.workflow?.assets;

/** Assets in one picture; beyond, nobody sees anything in it. */
const MOST = 500;

interface WorkflowLineageProps {
  slug: string;
  name: string;
  isDeleted: boolean;
}

export function WorkflowLineage({ slug, name, isDeleted }: WorkflowLineageProps) {
  const assets = useAnswers(WORKFLOW_ASSETS, { slug }, { list, enabled: !isDeleted });
  const { items, hasMore, more, first, error, retry } = assets;
  const wantsMore = hasMore && items.length < MOST;
  useEffect(() => {
    if (wantsMore) more();
  }, [wantsMore, more]);
  const roots = useMemo(() => items.map((asset) => asset.assetId), [items]);
  if (isDeleted || (first && roots.length === 0)) {
    return (
      <PageBody>
        <Empty
          title={isDeleted ? 'It joins no assets any more' : 'It has no assets'}
          actions={
            <>
              <Link href={links.workflow(slug, 'runs')}>Its runs</Link>
              <Link href={links.workflow(slug, 'revisions')}>Its revisions</Link>
            </>
          }
        >
          <p>
            {isDeleted
              ? 'What it left behind is still there, at the assets and in its runs.'
              : 'No step of it declares one, and none of its runs left one behind.'}
          </p>
        </Empty>
      </PageBody>
    );
  }
  if (error) return <Failure error={error} retry={retry} />;
  if (!first || wantsMore) return <Loading label="the assets of the workflow" />;
  return (
    <>
      {hasMore && (
        <div className={styles.banner}>
          <Banner>
            <span>The first {count(roots.length)} assets of the workflow, by name; there are more.</span>
            <Link href={`${links.assets()}?workflow=${encodeURIComponent(slug)}`}>All of them as a list</Link>
          </Banner>
        </div>
      )}
      <Suspense fallback={<Loading label="the lineage" />}>
        <LineageExplorer roots={roots} workflow={slug} title={name} />
      </Suspense>
    </>
  );
}
