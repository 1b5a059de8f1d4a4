import { useQueries } from '@tanstack/react-query';
import { ask } from '@/api/client';
import { graphql } from '@/api/generated';
import { inOrder, type Moment } from './moments';

const REVISIONS = graphql(`
  query WorkflowMoments($slug: String!) {
    workflow(slug: $slug) { name createdAt revisions(first: 100) { nodes { revision validFrom } } }
  }
`);

const VERSIONS = graphql(`
  query AssetMoments($id: String!) {
    asset(id: $id) { history(first: 100) { nodes { version createdAt } } }
  }
`);

/** Workflows that are asked for their revisions; a picture with more has moments enough. */
const WORKFLOWS = 12;

/** When the workflows' definitions changed, and when the first root got a version; the newest hundred of each. */
export function useMoments(slugs: readonly string[], root: string | undefined): Moment[] {
  return useQueries({
    queries: [
      ...slugs.slice(0, WORKFLOWS).map((slug) => ({
        queryKey: ['moments of workflow', slug],
        queryFn: ({ signal }: { signal: AbortSignal }) => ofWorkflow(slug, signal),
      })),
      ...(root === undefined ? [] : [root]).map((id) => ({
        queryKey: ['moments of asset', id],
        queryFn: ({ signal }: { signal: AbortSignal }) => ofAsset(id, signal),
      })),
    ],
    combine: (answers) => inOrder(answers.flatMap((answer) => answer.data ?? [])),
  });
}

async function ofWorkflow(slug: string, signal: AbortSignal): Promise<Moment[]> {
  const { workflow } = await ask(REVISIONS, { slug }, signal);
  return (workflow?.revisions.nodes ?? []).map(({ revision, validFrom }) => ({
    at: Date.parse(validFrom),
    what: `${workflow?.name}: revision ${revision}`,
  }));
}

async function ofAsset(id: string, signal: AbortSignal): Promise<Moment[]> {
  const { asset } = await ask(VERSIONS, { id }, signal);
  return (asset?.history.nodes ?? []).map(({ version, createdAt }) => ({
    at: Date.parse(createdAt),
    what: `${id}: version ${version}`,
  }));
}
