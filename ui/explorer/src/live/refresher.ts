/** Asks again for the answers that an event concerns: at most once a second each, and never before the last one came. */
import type { Query, QueryClient } from '@tanstack/react-query';
import { type Concern, concerns, type Shown, shownBy } from './concerns';

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: {
      /** Events do not concern it: it shows a past instant, or something else looks after it. */
      still?: boolean;
      /** It tells of what definitions declare, and nothing that is produced or run changes it. */
      declared?: boolean;
      /** Asks for some of the shown assets alone, by key; gives what makes the new data of the old. */
      patch?: (assets: readonly string[]) => Promise<(data: unknown) => unknown>;
    };
  }
}

/** One report brings several events; they are waited for. */
const GATHER_MS = 80;
const PAUSE_MS = 1000;

interface Wanted {
  assets: Set<string>;
  /** Not only what is known of these assets, but everything. */
  whole: boolean;
}

export class Refresher {
  readonly #client: QueryClient;
  readonly #shown = new WeakMap<object, Shown>();
  readonly #wanted = new Map<string, Wanted>();
  readonly #busy = new Set<string>();

  constructor(client: QueryClient) {
    this.#client = client;
  }

  /** Something happened. */
  touch(concern: Concern): void {
    for (const query of this.#client.getQueryCache().getAll()) {
      const { data } = query.state;
      if (query.meta?.still || (query.meta?.declared && concern.kind !== 'workflow')) continue;
      if (data === null || typeof data !== 'object') continue;
      const shown = this.#shownBy(query, data);
      if (!concerns(concern, shown)) continue;
      if (query.isActive()) this.#want(query, concern, shown);
      else query.invalidate();
    }
  }

  #shownBy(query: Query, data: object): Shown {
    const known = this.#shown.get(data);
    if (known) return known;
    const shown = shownBy(query.queryKey, data);
    this.#shown.set(data, shown);
    return shown;
  }

  #want(query: Query, concern: Concern, shown: Shown): void {
    const wanted = this.#wanted.get(query.queryHash) ?? { assets: new Set(), whole: false };
    if (concern.kind === 'asset' && query.meta?.patch) {
      for (const asset of concern.assets) if (shown.assets.has(asset)) wanted.assets.add(asset);
    } else wanted.whole = true;
    this.#wanted.set(query.queryHash, wanted);
    if (!this.#busy.has(query.queryHash)) void this.#answer(query);
  }

  /** Until nothing is wanted any more. */
  async #answer(query: Query): Promise<void> {
    const hash = query.queryHash;
    this.#busy.add(hash);
    await sleep(GATHER_MS);
    for (let wanted = this.#take(hash); wanted && query.isActive(); wanted = this.#take(hash)) {
      const { data } = query.state;
      // Each page of a list is a question of its own.
      const questions = data !== null && typeof data === 'object' && 'pages' in data ? pagesOf(data) : 1;
      await Promise.all([this.#ask(query, wanted), sleep(PAUSE_MS * questions)]);
    }
    this.#busy.delete(hash);
  }

  #take(hash: string): Wanted | undefined {
    const wanted = this.#wanted.get(hash);
    this.#wanted.delete(hash);
    return wanted;
  }

  async #ask(query: Query, { assets, whole }: Wanted): Promise<void> {
    const { patch } = query.meta ?? {};
    const again = () =>
      this.#client.refetchQueries({ queryKey: query.queryKey, exact: true }, { cancelRefetch: false });
    // An answer that is under way may have been worked out before the event.
    if (query.state.fetchStatus === 'fetching') await again();
    if (whole || !patch) await again();
    else if (assets.size > 0) {
      try {
        const change = await patch([...assets]);
        this.#client.setQueryData(query.queryKey, change);
      } catch {
        query.invalidate(); // It is asked for when it is looked at again; the connection says what is wrong.
      }
    }
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const pagesOf = ({ pages }: { pages: unknown }): number => (Array.isArray(pages) ? pages.length : 1);
