import type { TruncationReason } from '@/api/generated/graphql';
import { count, counted } from '@/format/numbers';
import { Button } from './Button';
import { Banner } from './Notice';

interface CutBannerProps {
  /** What is left out, one of them: "asset". */
  what: string;
  /** How many were not shown; null where nobody counted. */
  left: number | null;
  reason: TruncationReason | null;
  /** The last distance that is complete. */
  depthReached: number;
  /** How many there may be if more are asked for, and the way to ask; null where there are no more to be had. */
  more: { most: number; ask: () => void } | null;
  within: (hops: number) => void;
}

/** Above an answer that a limit cut: what is missing, and the next step. */
export function CutBanner({ what, left, reason, depthReached, more, within }: CutBannerProps) {
  return (
    <Banner>
      <span>
        {left === null ? `Some ${what}s are` : `${counted(left, what)} ${left === 1 ? 'is' : 'are'}`} left out, the
        farthest ones{reason === 'TRAVERSAL' && ': the service goes no further in one question'}.{' '}
        {depthReached > 0 && `The list is whole up to ${counted(depthReached, 'hop')}.`}
      </span>
      {more && <Button onClick={more.ask}>Show up to {count(more.most)}</Button>}
      {depthReached > 0 && (
        <Button onClick={() => within(depthReached)}>Only what is within {counted(depthReached, 'hop')}</Button>
      )}
    </Banner>
  );
}
