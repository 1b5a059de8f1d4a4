/** What the page follows all the time. The selections are what it needs to know whom an event concerns. */
import { graphql } from '@/api/generated';

export const NEWEST = graphql(`
  query NewestEvent { events(first: 1) { upTo } }
`);

export const HAPPENS = graphql(`
  subscription Happens($after: Long) {
    events(after: $after) { sequence type assetKey runId version }
  }
`);

export const FRESHNESS = graphql(`
  subscription FreshnessHappens($after: Long) {
    freshnessChanges(after: $after) { sequence changes { assetKey } }
  }
`);
