import { graphql } from '@/api/generated';
import { useAnswer } from '@/api/useAnswer';

const WORKFLOW_NAMES = graphql(`
  query WorkflowNames { workflows(first: 100) { nodes { slug } } }
`);

/** Slugs to offer while one writes; any other may be written too. */
export const useSlugs = (): string[] =>
  useAnswer(WORKFLOW_NAMES, {}).data?.workflows.nodes.map(({ slug }) => slug) ?? [];
