import type { Changes } from '@/routing/useValues';
import { Button } from '@/ui/Button';
import { Fields, MoreFields, Select, TextField } from '@/ui/Field';
import { WorkflowField } from '@/workflows/WorkflowField';
import {
  chooseProduced,
  FILTERS,
  type Filters,
  isFiltered,
  PARTITION_OPTIONS,
  PRODUCED_OPTIONS,
  producedOf,
  STATE_OPTIONS,
} from './filters';

interface AssetFiltersProps {
  filters: Filters;
  change: (changes: Changes, options?: { replace?: boolean }) => void;
  clear: () => void;
}

/** What the catalogue shows; all of it stands in the address. */
export function AssetFilters({ filters, change, clear }: AssetFiltersProps) {
  // While one writes, each pause would else be a step for the back button.
  const write = (changes: Changes): void => change(changes, { replace: true });
  const set = FILTERS.filter((name) => name !== 'text' && filters[name] !== '').length;
  return (
    <Fields label="Filters">
      <TextField
        label="Text in the id, description, owners or tags"
        placeholder="Id, owner, tag, description"
        width={205}
        value={filters.text}
        onChange={(text) => write({ text })}
      />
      <MoreFields set={set}>
        <WorkflowField value={filters.workflow} onChange={(workflow) => write({ workflow })} />
        <Select label="State" value={filters.state} options={STATE_OPTIONS} onChange={(state) => change({ state })} />
        <Select
          label="Newest production"
          value={producedOf(filters)}
          options={PRODUCED_OPTIONS}
          onChange={(value) => change(chooseProduced(filters, value))}
        />
        <Select
          label="Partitions"
          value={filters.partitions}
          options={PARTITION_OPTIONS}
          onChange={(partitions) => change({ partitions, ...(partitions === 'no' && { partition: null }) })}
        />
        {filters.partitions !== 'no' && (
          <TextField
            label="Partition key"
            placeholder="Any partition"
            width={120}
            value={filters.partition}
            onChange={(partition) => write({ partition })}
          />
        )}
        <Button
          aria-pressed={filters.valid === 'no'}
          title="The newest version's payload does not fit its schema."
          onClick={() => change({ valid: filters.valid === 'no' ? null : 'no' })}
        >
          Invalid only
        </Button>
      </MoreFields>
      {isFiltered(filters) && (
        <Button kind="bare" onClick={clear}>
          Clear
        </Button>
      )}
    </Fields>
  );
}
