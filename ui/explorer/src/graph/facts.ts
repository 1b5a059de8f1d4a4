/** What the service says of a part of the graph, and the questions that ask it. */
import { graphql } from '@/api/generated';
import type { SubgraphQuery } from '@/api/generated/graphql';

export type Subgraph = SubgraphQuery['subgraph'];
export type AssetFact = Subgraph['assets'][number];
export type StepFact = Subgraph['steps'][number];
export type EdgeFact = Subgraph['edges'][number];

/** Assets in one picture; beyond it the page says that it is cut. */
export const MOST = 2000;

export const WALK = graphql(`
  query Walk(
    $roots: [String!]!, $direction: Direction!, $depth: Int, $source: EdgeSource!, $asOf: AsOf, $limit: Int!,
    $workflows: [String!], $up: [String!]!, $anyUp: Boolean!, $down: [String!]!, $anyDown: Boolean!
  ) {
    base: lineage(
      roots: $roots, direction: $direction, depth: $depth, source: $source, asOf: $asOf, limit: $limit,
      workflows: $workflows
    ) {
      assets { key distance }
      truncated truncationReason depthReached totalKnown
    }
    up: lineage(roots: $up, direction: UPSTREAM, depth: 1, source: $source, asOf: $asOf, limit: $limit)
      @include(if: $anyUp) {
      assets { key }
      truncated
    }
    down: lineage(roots: $down, direction: DOWNSTREAM, depth: 1, source: $source, asOf: $asOf, limit: $limit)
      @include(if: $anyDown) {
      assets { key }
      truncated
    }
  }
`);

export const BETWEEN = graphql(`
  query Between($from: String!, $to: String!, $source: EdgeSource!, $asOf: AsOf) {
    paths(from: $from, to: $to, source: $source, asOf: $asOf) {
      connected
      assets { key distance }
      path { source target }
    }
  }
`);

export const SUBGRAPH = graphql(`
  query Subgraph($assets: [String!]!, $source: EdgeSource!, $asOf: AsOf) {
    subgraph(assets: $assets, source: $source, asOf: $asOf) {
      assets {
        key assetId upstreamCount downstreamCount
        producedBy { key stepId name type workflowSlug workflowName }
        freshness { state }
        latest { snapshotId version producedAt valid }
        asset { importance }
      }
      steps { key stepId name type workflowSlug workflowName }
      edges { source step target }
    }
  }
`);

/** How many assets there are in all, whatever the depth. */
export const TOTAL = graphql(`
  query Total($roots: [String!]!, $direction: Direction!, $source: EdgeSource!, $asOf: AsOf, $limit: Int!) {
    lineage(roots: $roots, direction: $direction, source: $source, asOf: $asOf, limit: $limit) { totalKnown }
  }
`);
