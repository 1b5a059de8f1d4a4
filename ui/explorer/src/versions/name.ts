/** A version by its partition, if any, and its number: "2026-03-01 v2". */
export const nameOf = ({ partitionKey, version }: { partitionKey?: string | null; version: number }): string =>
  `${partitionKey ? `${partitionKey} ` : ''}v${version}`;
