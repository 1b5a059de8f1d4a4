/** What lists show of a thing; several views ask for the same. */
import { graphql } from './generated';

export const VERSION_LINE = graphql(`
  fragment VersionLine on Snapshot {
    snapshotId assetId version partitionKey producedAt valid
    workflowSlug runId stepId stepName attempt
  }
`);

export const ASSET_LINE = graphql(`
  fragment AssetLine on Asset {
    key assetId description importance owners productions
    freshness { state stale freshUntil }
    latest { ...VersionLine }
  }
`);

export const RUN_LINE = graphql(`
  fragment RunLine on Run {
    runId number status workflowSlug createdAt startedAt completedAt durationMs partitionKey triggeredBy errorMessage
  }
`);

export const STEP_RUN_LINE = graphql(`
  fragment StepRunLine on StepRun {
    stepId attempt status startedAt completedAt errorMessage
  }
`);
