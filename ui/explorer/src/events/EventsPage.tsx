/** What happened and what happens: a feed that is read from its newest event down. */
import { Pause, Play } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { count } from '@/format/numbers';
import { links } from '@/routing/links';
import { useValues } from '@/routing/useValues';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { ListFoot } from '@/ui/ListFoot';
import { Empty, Failure, Loading } from '@/ui/Notice';
import { Page, PageBody } from '@/ui/Page';
import { EventDetails } from './EventDetails';
import { EventFilters } from './EventFilters';
import { EventTable } from './EventTable';
import { filterOf, isFiltered, NO_FILTER, variablesOf } from './filter';
import { type EventLine, type Feed, useFeed } from './useFeed';

export default function EventsPage() {
  const [values, change] = useValues();
  const filter = useMemo(() => filterOf(values), [values]);
  const variables = useMemo(() => variablesOf(filter), [filter]);
  const [paused, setPaused] = useState(false);
  const [atTop, setAtTop] = useState(true);
  const [toTop, setToTop] = useState(0);
  const [opened, open] = useState<EventLine | null>(null);
  const feed = useFeed(variables, paused || !atTop);
  const { past, events } = feed;
  const show = (): void => {
    feed.release();
    setToTop(toTop + 1);
  };
  const clear = (): void => change(NO_FILTER);
  return (
    <Page
      title="Events"
      actions={
        <>
          {feed.held > 0 && (
            <Button kind="primary" onClick={show}>
              {count(feed.held)}
              {feed.overflown && ' and more'} new
            </Button>
          )}
          <Button
            aria-pressed={paused}
            onClick={() => {
              if (paused && atTop) feed.release();
              setPaused(!paused);
            }}
          >
            {paused ? <Play size={14} aria-hidden="true" /> : <Pause size={14} aria-hidden="true" />}
            Pause
          </Button>
        </>
      }
    >
      <EventFilters filter={filter} change={change} />
      <PageBody padded={false}>
        {!past.first && past.error && (
          <Failure
            error={past.error}
            retry={past.retry}
            actions={isFiltered(filter) && <Button onClick={clear}>Show all events</Button>}
          />
        )}
        {!past.first && !past.error && <Loading label="the events" bars={12} />}
        {past.first && events.length === 0 && <Nothing feed={feed} filtered={isFiltered(filter)} clear={clear} />}
        {events.length > 0 && (
          <EventTable
            events={events}
            open={open}
            onEnd={past.more}
            onTop={setAtTop}
            toTop={toTop}
            foot={<ListFoot of={{ ...past, items: events }} what="events" />}
          />
        )}
      </PageBody>
      <Dialog title={`Event ${opened?.sequence ?? ''}`} open={opened !== null} close={() => open(null)}>
        {opened && <EventDetails event={opened} />}
      </Dialog>
    </Page>
  );
}

function Nothing({ feed: { past }, filtered, clear }: { feed: Feed; filtered: boolean; clear: () => void }) {
  if (!filtered) {
    return (
      <Empty title="Nothing happened yet" actions={<Link href={links.workflows()}>All workflows</Link>}>
        <p>Every production, change, run and definition will stand here as it comes.</p>
      </Empty>
    );
  }
  return (
    <Empty
      title={past.hasMore ? 'No event like this among the newest' : 'No event is like this'}
      actions={
        <>
          {past.hasMore && <ListFoot of={past} what="events" />}
          <Button onClick={clear}>Show all events</Button>
        </>
      }
    >
      <p>What comes from now on and is like this will stand here.</p>
    </Empty>
  );
}
