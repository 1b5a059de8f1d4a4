/** What an event says besides its attributes, as far as the page knows what to do with it. */
export interface EventFacts extends Readonly<Record<string, unknown>> {
  assetId?: string;
  workflowSlug?: string;
  name?: string;
  /** Of a run. */
  number?: number;
  triggeredBy?: string;
  errorMessage?: string;
  /** Of a stale mark: who set it, who took it back, why. */
  requestedBy?: string;
  clearedBy?: string;
  note?: string;
}

/** The service's own document (docs/api.md, events); it always is an object. */
export const factsOf = (data: unknown): EventFacts => data as EventFacts;
