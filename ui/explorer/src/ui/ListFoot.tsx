import type { Answers } from '@/api/useAnswers';
import { count } from '@/format/numbers';
import { Button } from './Button';

interface ListFootProps {
  of: Pick<Answers<unknown, unknown>, 'items' | 'hasMore' | 'isLoadingMore' | 'error' | 'more' | 'retry'>;
  /** What the items are, many of them: "runs". */
  what: string;
}

/** Below the last row of a list that comes in pages: whether that is all, and the way on. */
export function ListFoot({ of: list, what }: ListFootProps) {
  if (list.isLoadingMore) return <span role="status">Loading more {what} …</span>;
  if (list.error) {
    return (
      <span role="alert">
        Further {what} could not be loaded: {list.error.message} <Button onClick={list.retry}>Try again</Button>
      </span>
    );
  }
  if (list.hasMore) return <Button onClick={list.more}>More {what}</Button>;
  return list.items.length > 20 ? (
    <>
      All {count(list.items.length)} {what}.
    </>
  ) : null;
}
