/** Which asset the way leads to. */
import { Combobox, ComboboxItem, ComboboxList, ComboboxProvider } from '@ariakit/react';
import { useState } from 'react';
import { graphql } from '@/api/generated';
import type { WayTargetsQuery } from '@/api/generated/graphql';
import { useFirst } from '@/api/useFirst';
import { Dialog } from '@/ui/Dialog';
import styles from './FindWay.module.css';

const TARGETS = graphql(`
  query WayTargets($text: String!, $after: String) {
    assets(text: $text, first: 31, after: $after) { nodes { key assetId } pageInfo { endCursor hasNextPage } }
  }
`);

interface FindWayProps {
  from: string;
  open: boolean;
  close: () => void;
  choose: (assetId: string) => void;
}

const list = (answer: WayTargetsQuery) => answer.assets;

export function FindWay({ from, open, close, choose }: FindWayProps) {
  return (
    <Dialog title={`Everything between ${from} and …`} open={open} close={close}>
      <Targets from={from} choose={choose} />
    </Dialog>
  );
}

function Targets({ from, choose }: Pick<FindWayProps, 'from' | 'choose'>) {
  const [text, setText] = useState('');
  const { data, error } = useFirst(TARGETS, { text: text.trim() }, { list, wanted: 31 });
  const found = data?.items.filter((asset) => asset.assetId !== from) ?? [];
  return (
    <ComboboxProvider open value={text} setValue={setText}>
      <Combobox
        autoFocus
        autoSelect
        className={styles.input}
        placeholder="Part of an asset's id"
        aria-label="The other asset"
      />
      <ComboboxList className={styles.list} alwaysVisible aria-label="Assets">
        {found.map((asset) => (
          <ComboboxItem
            key={asset.key}
            className={styles.item}
            setValueOnClick={false}
            onClick={() => choose(asset.assetId)}
          >
            {asset.assetId}
          </ComboboxItem>
        ))}
      </ComboboxList>
      {error && <p role="alert">{error.message}</p>}
      {data && found.length === 0 && <p>No asset holds “{text}”.</p>}
      {data?.hasMore && <p>There are more; write more of the id.</p>}
    </ComboboxProvider>
  );
}
