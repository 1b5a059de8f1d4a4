/** How long a run took and what set it off. Instants are ISO 8601, durations milliseconds. */
import type { RunStatus } from '@/api/generated/graphql';

export const isActive = (status: RunStatus): boolean => status === 'PENDING' || status === 'RUNNING';

interface Course {
  status: RunStatus;
  startedAt?: string | null;
  durationMs?: number | null;
}

/** How long it took, or has been running by `now` (epoch milliseconds); null where it has not begun. */
export function tookMs({ status, startedAt, durationMs }: Course, now: number): number | null {
  if (durationMs !== null && durationMs !== undefined) return durationMs;
  return status === 'RUNNING' && startedAt ? Math.max(0, now - Date.parse(startedAt)) : null;
}

/** Who or what set it off, in a few words: "scheduler (schedule)"; empty where nothing was told. */
export function setOffBy(triggeredBy: string | null | undefined, trigger: unknown): string {
  const kind = typeof trigger === 'string' ? trigger : named(trigger);
  if (triggeredBy && kind) return `${triggeredBy} (${kind})`;
  return triggeredBy ?? kind ?? '';
}

/** By what orchestrators usually call the kind of a trigger. */
function named(trigger: unknown): string | null {
  if (typeof trigger !== 'object' || trigger === null) return null;
  const { type, kind, name } = trigger as Record<string, unknown>;
  return [type, kind, name].find((each) => typeof each === 'string') ?? null;
}
