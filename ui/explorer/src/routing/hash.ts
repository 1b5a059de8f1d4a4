/**
 * Routes in the fragment: `#/assets/sales.orders?depth=2`. The service never sees them, every path of it stays a route
 * of the REST API, and a link holds the whole view.
 */
import { useSyncExternalStore } from 'react';

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  window.addEventListener('popstate', changed);
  return () => {
    window.removeEventListener('hashchange', changed);
    window.removeEventListener('popstate', changed);
  };
}

const inHash = (): string => window.location.hash.slice(1) || '/';
const path = (): string => inHash().split('?', 1)[0] || '/';
const search = (): string => inHash().slice(path().length + 1);

/** Goes to `/path?search`, or with `?search` to another view of the same path; a mere `?` is the path alone. */
export function navigate(to: string, options: { replace?: boolean } = {}): void {
  const target = `#${to === '?' ? path() : to.startsWith('?') ? path() + to : to}`;
  if (target === window.location.hash) return;
  if (options.replace) window.history.replaceState(null, '', target);
  else window.history.pushState(null, '', target);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

/** For wouter's `Router`. */
export const useHashPath = (): [string, typeof navigate] => [useSyncExternalStore(subscribe, path), navigate];
useHashPath.hrefs = (href: string): string => `#${href}`;

/** For wouter's `Router`. */
export const useHashSearch = (): string => useSyncExternalStore(subscribe, search);
