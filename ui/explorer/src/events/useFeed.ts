/** The feed: pages of the past below, what comes on top of them. */
import { useEffect, useReducer, useRef } from 'react';
import { graphql } from '@/api/generated';
import type { EventLineFragment, EventsQuery, EventsQueryVariables } from '@/api/generated/graphql';
import { type Answers, useAnswers } from '@/api/useAnswers';
import { useLive } from '@/live/useLive';
import { type Arrival, type Arrivals, arrive, NONE } from './arrivals';

export const EVENT_LINE = graphql(`
  fragment EventLine on Event {
    sequence type time assetKey workflowKey runId stepId attempt partitionKey version snapshotId data cloudEvent
  }
`);

const EVENTS = graphql(`
  query Events(
    $types: [EventType!], $assets: [String!], $workflows: [String!], $upstreamOf: String, $after: String
  ) {
    events(
      first: 50, after: $after, types: $types, assets: $assets, workflows: $workflows, upstreamOf: $upstreamOf
    ) {
      upTo
      nodes { ...EventLine }
      pageInfo { endCursor hasNextPage }
    }
  }
`);

const NEW_EVENTS = graphql(`
  subscription NewEvents(
    $types: [EventType!], $assets: [String!], $workflows: [String!], $upstreamOf: String, $after: Long
  ) {
    events(types: $types, assets: $assets, workflows: $workflows, upstreamOf: $upstreamOf, after: $after) {
      ...EventLine
    }
  }
`);

export type EventLine = EventLineFragment;

/** A burst is drawn at once. */
const GATHER_MS = 100;

const list = (answer: EventsQuery) => answer.events;

export interface Feed {
  past: Answers<EventsQuery, EventLine>;
  events: readonly EventLine[];
  /** How many wait to be shown. */
  held: number;
  /** There are more than are kept. */
  overflown: boolean;
  release: () => void;
}

/** `filter` must be the same object until it changes; `hold`: somebody reads, what comes has to wait. */
export function useFeed(filter: Omit<EventsQueryVariables, 'after'>, hold: boolean): Feed {
  const live = useLive();
  const past = useAnswers(EVENTS, filter, { list, own: true });
  const [arrivals, tell] = useReducer<Arrivals<EventLine>, [Arrival<EventLine>]>(arrive, NONE);
  const upTo = past.isPrevious ? undefined : past.first?.events.upTo;
  const holding = useRef(hold);
  holding.current = hold;

  useEffect(() => {
    tell({ type: 'cleared' });
    if (upTo === undefined) return;
    let waiting: EventLine[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (): void => {
      tell({ type: 'came', items: waiting, hold: holding.current });
      [waiting, timer] = [[], undefined];
    };
    const end = live.follow(NEW_EVENTS, filter, upTo, {
      take: (event: EventLine) => {
        waiting.push(event);
        timer ??= setTimeout(show, GATHER_MS);
      },
      // What is asked for cannot be followed; the pages, asked in the same words, say why.
      failed: () => {},
      skipped: () => tell({ type: 'cleared' }),
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [live, filter, upTo]);

  const { restart } = past;
  const isFull = arrivals.overflown && !hold;
  // biome-ignore lint/correctness/useExhaustiveDependencies: restart is another function with each render
  useEffect(() => {
    if (isFull) restart();
  }, [isFull]);

  return {
    past,
    events: [...arrivals.shown, ...past.items],
    held: arrivals.held.length,
    overflown: arrivals.overflown,
    release: () => (arrivals.overflown ? restart() : tell({ type: 'released' })),
  };
}
