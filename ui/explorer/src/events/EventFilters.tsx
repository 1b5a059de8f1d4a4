import type { Changes } from '@/routing/useValues';
import { Button } from '@/ui/Button';
import { Fields, MoreFields, TextField } from '@/ui/Field';
import { WorkflowField } from '@/workflows/WorkflowField';
import { type FeedFilter, isFiltered, NO_FILTER, toggled } from './filter';
import { KINDS, type Kind } from './kinds';

interface EventFiltersProps {
  filter: FeedFilter;
  change: (changes: Changes, options?: { replace?: boolean }) => void;
}

/** What the feed shows; all of it stands in the address. */
export function EventFilters({ filter, change }: EventFiltersProps) {
  const write = (changes: Changes): void => change(changes, { replace: true });
  return (
    <Fields label="Filters">
      <TextField
        label="Asset: an id, or the beginning of ids and *"
        placeholder="Asset, or sales.*"
        width={170}
        value={filter.asset}
        onChange={(asset) => write({ asset })}
      />
      <MoreFields>
        <WorkflowField value={filter.workflow} onChange={(workflow) => write({ workflow })} />
        <TextField
          label="Upstream of this asset, and the asset itself"
          placeholder="Upstream of …"
          width={160}
          value={filter.upstreamOf}
          onChange={(upstreamOf) => write({ upstreamOf })}
        />
        {(Object.keys(KINDS) as Kind[]).map((kind) => (
          <Button
            key={kind}
            aria-pressed={filter.kinds.includes(kind)}
            onClick={() => change({ kinds: toggled(filter.kinds, kind) })}
          >
            {KINDS[kind].text}
          </Button>
        ))}
      </MoreFields>
      {isFiltered(filter) && (
        <Button kind="bare" onClick={() => change(NO_FILTER)}>
          Clear
        </Button>
      )}
    </Fields>
  );
}
