/** The page's one WebSocket, and subscriptions over it that go on where they were when it was lost. */
import { type Client, CloseCode, createClient } from 'graphql-ws';
import { ApiError } from '@/api/client';
import type { TypedDocumentString } from '@/api/generated/graphql';
import { token } from '@/api/token';
import { PASSING } from '@/api/useAnswer';
import { untilNextTry } from './backOff';

/** Milliseconds of silence after which the service is asked for a sign of life, and how long that may take. */
const SILENCE_MS = 15_000;
const SIGN_MS = 10_000;

export interface Numbered {
  sequence: number;
}

/** Who follows a subscription. */
export interface Reader<Item extends Numbered> {
  take: (item: Item) => void;
  /** It ended, and would end again. */
  failed: (error: ApiError) => void;
}

/** One subscription; it may be begun again and again, each time behind the last item that came. */
export interface Following {
  position: number;
  begin: () => void;
  stop: () => void;
}

interface Listener {
  connected: () => void;
  lost: () => void;
  refused: (why: string) => void;
}

export class Connection {
  readonly #client: Client;

  constructor(listener: Listener) {
    let silence: ReturnType<typeof setTimeout> | undefined;
    this.#client = createClient({
      url: `${window.location.origin.replace(/^http/, 'ws')}/graphql`,
      connectionParams: () => {
        const secret = token.get();
        return secret ? { authorization: `Bearer ${secret}` } : {};
      },
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: untilNextTry,
      shouldRetry: (problem) => !isRefusal(problem),
      keepAlive: SILENCE_MS,
      on: {
        connected: listener.connected,
        closed: (event) => {
          clearTimeout(silence);
          if (isRefusal(event)) listener.refused((event as CloseEvent).reason);
          else listener.lost();
        },
        ping: (received) => {
          if (!received) silence = setTimeout(() => this.#client.terminate(), SIGN_MS);
        },
        pong: (received) => {
          if (received) clearTimeout(silence);
        },
      },
    });
  }

  /** Gives up the socket at once, as when the network is known to be gone; whoever follows goes on with the next one. */
  drop(): void {
    this.#client.terminate();
  }

  close(): void {
    void this.#client.dispose();
  }

  /** The items of a subscription whose variable `after` is a number, each once; not yet begun. */
  follow<Result, Variables extends { after?: unknown }, Item extends Numbered>(
    document: TypedDocumentString<Result, Variables>,
    variables: Omit<Variables, 'after'>,
    after: number,
    { take, failed }: Reader<Item>,
  ): Following {
    let [stop, failures] = [(): void => {}, 0];
    // Read anew for each connection: it goes on where it was.
    const payload = {
      query: document.toString(),
      variables: {
        ...variables,
        get after() {
          return following.position;
        },
      },
    };
    const again = async (): Promise<void> => {
      const mine = stop;
      await untilNextTry(failures++);
      if (mine === stop) following.begin();
    };
    const following: Following = {
      position: after,
      stop: () => {
        const end = stop;
        stop = () => {};
        end();
      },
      begin: () => {
        following.stop();
        let ended = false;
        const dispose = this.#client.subscribe<Record<string, Item>>(payload, {
          next: ({ data, errors }) => {
            if (ended) return;
            const item = data ? Object.values(data)[0] : undefined;
            if (errors || item === undefined) {
              stop();
              failed(errorOf(errors));
            } else if (item.sequence > following.position) {
              failures = 0;
              following.position = item.sequence;
              take(item);
            }
          },
          error: (problem) => {
            if (ended || !Array.isArray(problem)) return; // The connection, of which its own listener hears.
            const error = errorOf(problem);
            if (PASSING.has(error.code)) void again();
            else failed(error);
          },
          complete: () => {
            if (!ended) void again();
          },
        });
        stop = () => {
          ended = true;
          dispose();
        };
      },
    };
    return following;
  }
}

function errorOf(errors: unknown): ApiError {
  const first = (errors as { message: string; extensions?: { code?: string; requestId?: string } }[] | undefined)?.[0];
  const { code = 'internal_error', requestId } = first?.extensions ?? {};
  return new ApiError(code, first?.message ?? 'The service told nothing.', requestId);
}

const isRefusal = (problem: unknown): boolean =>
  problem instanceof CloseEvent && (problem.code === CloseCode.Forbidden || problem.code === CloseCode.Unauthorized);
