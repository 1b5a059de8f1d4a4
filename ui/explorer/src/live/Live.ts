/**
 * What happens in the service, as it happens. From the moment the page is there it follows every event, in order, each
 * once; what is shown and concerned is asked for again. When it was away for too long it reads everything anew.
 */
import type { QueryClient } from '@tanstack/react-query';
import { ApiError, ask } from '@/api/client';
import type { FreshnessHappensSubscription, HappensSubscription, TypedDocumentString } from '@/api/generated/graphql';
import { PASSING } from '@/api/useAnswer';
import { untilNextTry } from './backOff';
import { concernOf } from './concerns';
import { Connection, type Following, type Numbered, type Reader } from './connection';
import { type Happening, type Liveness, next } from './liveness';
import { assetMark, mark, runMark } from './marks';
import { FRESHNESS, HAPPENS, NEWEST } from './questions';
import { Refresher } from './refresher';

type Happened = HappensSubscription['events'];
type Freshened = FreshnessHappensSubscription['freshnessChanges'];

/** Missed events that are told one by one; with more it is less work to read everything anew. */
const MOST_MISSED = 2000;

/** How long a tab may be hidden before it lets go of its connection, and how long the sign says that it caught up. */
const HIDDEN_MS = 300_000;
const SETTLED_MS = 8000;

interface Follower {
  following: Following;
  /** Events were left out; `newest` is where it goes on. */
  skipped: (newest: number) => void;
}

export class Live {
  #state: Liveness = { kind: 'starting' };
  readonly #listeners = new Set<() => void>();
  readonly #followers = new Set<Follower>();
  readonly #client: QueryClient;
  readonly #refresher: Refresher;
  #connection: Connection | null = null;
  #main: Following | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hidden: ReturnType<typeof setTimeout> | undefined;

  constructor(client: QueryClient) {
    this.#client = client;
    this.#refresher = new Refresher(client);
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  readonly state = (): Liveness => this.#state;

  /** Connects; gives what ends it. */
  start(): () => void {
    const connection = new Connection({
      connected: () => this.#connected(),
      lost: () => this.#happened({ type: 'lost', position: this.#main?.position ?? 0 }),
      refused: (why) => this.#happened({ type: 'refused', why }),
    });
    this.#connection = connection;
    const offline = (): void => connection.drop();
    const visible = (): void => this.#lookedAt(!document.hidden);
    window.addEventListener('offline', offline);
    document.addEventListener('visibilitychange', visible);
    void this.#followAll(connection);
    return () => {
      window.removeEventListener('offline', offline);
      document.removeEventListener('visibilitychange', visible);
      clearTimeout(this.#timer);
      clearTimeout(this.#hidden);
      this.#connection = null;
      this.#main = null;
      this.#followers.clear();
      this.#state = { kind: 'starting' };
      connection.close();
    };
  }

  /**
   * Follows one more subscription behind the event `after`; gives what ends it. `skipped` is called instead of `take`
   * when more was missed than can be told: read it anew.
   */
  follow<Result, Variables extends { after?: unknown }, Item extends Numbered>(
    document: TypedDocumentString<Result, Variables>,
    variables: Omit<Variables, 'after'>,
    after: number,
    { take, failed, skipped }: Reader<Item> & { skipped: (newest: number) => void },
  ): () => void {
    const connection = this.#connection;
    if (!connection) return () => {};
    const following = connection.follow<Result, Variables, Item>(document, variables, after, {
      take,
      failed: (error) => (error.code === 'events_gone' ? void this.#readAnew(connection) : failed(error)),
    });
    const follower = { following, skipped };
    this.#followers.add(follower);
    if (this.#state.kind !== 'resting') following.begin();
    return () => {
      this.#followers.delete(follower);
      following.stop();
    };
  }

  async #followAll(connection: Connection): Promise<void> {
    const newest = await this.#newest(connection);
    if (newest === null) return;
    const failed = (error: ApiError): void => this.#happened({ type: 'refused', why: error.message });
    const skipped = (): void => {};
    this.follow(HAPPENS, {}, newest, { take: (event: Happened) => this.#take(event), failed, skipped });
    this.follow(FRESHNESS, {}, newest, { take: (event: Freshened) => this.#takeFreshness(event), failed, skipped });
    this.#main = [...this.#followers][0]?.following ?? null;
  }

  /** The number of the newest event; null when the connection is not wanted any more, or not let in. */
  async #newest(connection: Connection): Promise<number | null> {
    for (let failures = 0; ; failures++) {
      try {
        const { events } = await ask(NEWEST, {});
        return this.#connection === connection ? events.upTo : null;
      } catch (error) {
        if (this.#connection !== connection) return null;
        if (!(error instanceof ApiError) || !PASSING.has(error.code)) {
          this.#happened({ type: 'refused', why: error instanceof Error ? error.message : String(error) });
          return null;
        }
        await untilNextTry(failures);
      }
    }
  }

  #connected(): void {
    this.#happened({ type: 'connected' });
    if (this.#state.kind === 'catching') void this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    const connection = this.#connection;
    const newest = connection && (await this.#newest(connection));
    if (newest === null || this.#state.kind !== 'catching') return;
    if (newest - this.#state.position > MOST_MISSED) this.#skipTo(newest);
    else this.#happened({ type: 'newest', newest });
  }

  async #readAnew(connection: Connection): Promise<void> {
    const newest = await this.#newest(connection);
    if (newest !== null) this.#skipTo(newest);
  }

  #skipTo(newest: number): void {
    for (const { following, skipped } of this.#followers) {
      following.position = newest;
      following.begin();
      skipped(newest);
    }
    void this.#client.invalidateQueries();
    this.#happened({ type: 'anew', newest });
  }

  #take(event: Happened): void {
    const isMissed = this.#state.kind === 'catching';
    this.#refresher.touch(concernOf(event));
    this.#happened({ type: 'seen', sequence: event.sequence });
    if (isMissed) return;
    if (event.assetKey !== null) mark(assetMark(event.assetKey));
    else if (event.runId !== null) mark(runMark(event.runId));
  }

  #takeFreshness({ changes }: Freshened): void {
    const assets = changes.map((change) => change.assetKey);
    this.#refresher.touch({ kind: 'asset', assets, run: null, first: false });
    if (this.#state.kind !== 'catching') for (const asset of assets) mark(assetMark(asset));
  }

  #lookedAt(visible: boolean): void {
    clearTimeout(this.#hidden);
    if (!visible) this.#hidden = setTimeout(() => this.#rest(), HIDDEN_MS);
    else if (this.#state.kind === 'resting') for (const { following } of this.#followers) following.begin();
  }

  /** Without anyone who follows, the connection closes. */
  #rest(): void {
    this.#happened({ type: 'resting', position: this.#main?.position ?? 0 });
    for (const { following } of this.#followers) following.stop();
  }

  #happened(happening: Happening): void {
    const before = this.#state;
    this.#state = next(before, happening);
    if (this.#state === before) return;
    clearTimeout(this.#timer);
    if (this.#state.kind === 'caughtUp') {
      this.#timer = setTimeout(() => this.#happened({ type: 'settled' }), SETTLED_MS);
    }
    for (const changed of this.#listeners) changed();
  }
}
