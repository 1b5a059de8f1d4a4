/**
 * Routes in the fragment: `#/assets/sales.orders?depth=2`. The service never sees them, every path of it stays a route
 * of the REST API, and a link holds the whole view.
 */
import { useSyncExternalStore } from 'react';
import type { Parser } from 'wouter';

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

/** What stands after the `?` of the address, as it is written there. */
export const search = (): string => inHash().slice(path().length + 1);

/** Goes to `/path?search`, or with `?search` to another view of the same path; a mere `?` is the path alone. */
export function navigate(to: string, options: { replace?: boolean } = {}): void {
  const target = `#${to === '?' ? path() : to.startsWith('?') ? path() + to : to}`;
  if (target === window.location.hash) return;
  if (options.replace) window.history.replaceState(null, '', target);
  else window.history.pushState(null, '', target);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

/**
 * wouter takes what it gets through `decodeURI`: that leaves `%3A` in an asset's id as it is, and decodes `%2541` twice
 * where something else decodes after it. Escaped once more, the address comes out as it was written.
 */
export const forWouter = (written: string): string => written.replaceAll('%', '%25');

/** For wouter's `Router`. */
export const useHashPath = (): [string, typeof navigate] => [
  forWouter(useSyncExternalStore(subscribe, path)),
  navigate,
];
useHashPath.hrefs = (href: string): string => `#${href}`;

/** For wouter's `Router`. */
export const useHashSearch = (): string => forWouter(useSyncExternalStore(subscribe, search));

/** For wouter's `Router`: its own parser, with each part of a path decoded, once and wholly. */
export const decoding =
  (parser: Parser): Parser =>
  (route, loose) => {
    const { pattern, keys } = parser(route, loose);
    const exec = (written: string): RegExpExecArray | null => {
      const found = pattern.exec(written);
      found?.forEach((part, index) => {
        if (index > 0 && part) found[index] = decoded(part);
      });
      return found;
    };
    return { pattern: { exec }, keys };
  };

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // Written by hand and wrong; no id looks like it, which is what the view will say.
  }
}
