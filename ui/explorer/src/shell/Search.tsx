/** One field for assets, workflows and steps; `/` goes there. */
import { Combobox, ComboboxItem, ComboboxPopover, ComboboxProvider } from '@ariakit/react';
import { Search as SearchIcon } from 'lucide-react';
import { useDeferredValue, useRef, useState } from 'react';
import { graphql } from '@/api/generated';
import type { SearchQuery } from '@/api/generated/graphql';
import { useFirst } from '@/api/useFirst';
import { navigate } from '@/routing/hash';
import { links } from '@/routing/links';
import styles from './Search.module.css';
import { useKeys } from './useKeys';

const SEARCH = graphql(`
  query Search($text: String!, $after: String) {
    search(text: $text, first: 12, after: $after) {
      nodes {
        __typename
        ... on Asset { key assetId }
        ... on Workflow { slug name }
        ... on Step { stepId stepName: name workflow { slug } }
      }
      pageInfo { endCursor hasNextPage }
    }
  }
`);

type Hit = SearchQuery['search']['nodes'][number];

interface Shown {
  href: string;
  text: string;
  kind: string;
}

function shown(hit: Hit): Shown {
  switch (hit.__typename) {
    case 'Asset':
      return { href: links.asset(hit.assetId), text: hit.assetId, kind: 'asset' };
    case 'Workflow':
      return { href: links.workflow(hit.slug), text: hit.name, kind: `workflow ${hit.slug}` };
    case 'Step':
      return {
        href: links.step(hit.workflow.slug, hit.stepId),
        text: hit.stepName,
        kind: `step of ${hit.workflow.slug}`,
      };
  }
}

const list = (answer: SearchQuery) => answer.search;

export function Search() {
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const wanted = useDeferredValue(text.trim());
  const { data, error, isFetching } = useFirst(SEARCH, { text: wanted }, { list, wanted: 12, enabled: wanted !== '' });
  useKeys({ '/': () => input.current?.focus() });
  const hits = wanted && data ? data.items.map(shown) : [];
  const go = (href: string): void => {
    navigate(href);
    setText('');
    input.current?.blur();
  };
  return (
    <ComboboxProvider value={text} setValue={setText}>
      <div className={styles.field}>
        <SearchIcon size={14} className={styles.icon} aria-hidden="true" />
        <Combobox
          ref={input}
          autoSelect
          className={styles.input}
          placeholder="Search assets, workflows, steps (/)"
          aria-label="Search assets, workflows and steps"
        />
      </div>
      {wanted && (
        <ComboboxPopover
          gutter={4}
          className={styles.popover}
          aria-label="Found"
          // The field is left for what was found: the next key belongs to the page.
          autoFocusOnHide={false}
        >
          {hits.map((hit) => (
            <ComboboxItem
              key={`${hit.kind} ${hit.text}`}
              className={styles.item}
              focusOnHover
              setValueOnClick={false}
              onClick={() => go(hit.href)}
            >
              <span className={styles.text}>{hit.text}</span>
              <span className={styles.kind}>{hit.kind}</span>
            </ComboboxItem>
          ))}
          {error && <div className={styles.note}>{error.message}</div>}
          {!error && hits.length === 0 && (
            <div className={styles.note}>{isFetching || !data ? 'Searching …' : `Nothing holds “${wanted}”.`}</div>
          )}
          {data?.hasMore && hits.length > 0 && (
            <ComboboxItem
              className={styles.item}
              focusOnHover
              setValueOnClick={false}
              onClick={() => go(links.assets(wanted))}
            >
              All assets with “{wanted}” …
            </ComboboxItem>
          )}
        </ComboboxPopover>
      )}
    </ComboboxProvider>
  );
}
