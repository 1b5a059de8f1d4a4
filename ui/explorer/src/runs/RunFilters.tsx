import type { RunStatus } from '@/api/generated/graphql';
import { RUN } from '@/format/states';
import { useValues } from '@/routing/useValues';
import { Button } from '@/ui/Button';
import { Fields, Select } from '@/ui/Field';
import { WorkflowField } from '@/workflows/WorkflowField';

const STATUSES = Object.keys(RUN) as RunStatus[];

export interface RunFilter {
  status: RunStatus | null;
  /** Slug. */
  workflow: string | null;
}

/** Which runs the address asks for. */
export function useRunFilter(): [RunFilter, clear: () => void] {
  const [values, change] = useValues();
  const filter = {
    status: STATUSES.find((each) => each === values.get('status')) ?? null,
    workflow: values.get('workflow') || null,
  };
  return [filter, () => change({ status: null, workflow: null })];
}

/** Which runs are shown; without `ofMany` they are of one workflow anyway. */
export function RunFilters({ ofMany }: { ofMany: boolean }) {
  const [, change] = useValues();
  const [filter, clear] = useRunFilter();
  return (
    <Fields label="Filters">
      <Select
        label="Status"
        value={filter.status ?? ''}
        options={[['', 'Any status'], ...STATUSES.map((status) => [status, RUN[status].word] as const)]}
        onChange={(status) => change({ status })}
      />
      {ofMany && (
        <WorkflowField value={filter.workflow ?? ''} onChange={(workflow) => change({ workflow }, { replace: true })} />
      )}
      {(filter.status ?? filter.workflow) && (
        <Button kind="bare" onClick={clear}>
          Clear
        </Button>
      )}
    </Fields>
  );
}
