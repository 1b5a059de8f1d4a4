/** Which address shows which view; each view comes when it is first asked for. */
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { ApiError } from './api/client';
import { LiveProvider } from './live/useLive';
import { links } from './routing/links';
import { Shell } from './shell/Shell';
import { SignIn } from './shell/SignIn';
import { Crash } from './ui/Crash';
import { Empty, Loading } from './ui/Notice';
import { Page } from './ui/Page';

const AssetsPage = lazy(() => import('./assets/AssetsPage'));
const AssetPage = lazy(() => {
  void import('./graph/LineageExplorer'); // Its first tab; on its way together with the page around it.
  return import('./assets/AssetPage');
});
const VersionPage = lazy(() => import('./versions/VersionPage'));
const ComparePage = lazy(() => import('./versions/ComparePage'));
const RunsPage = lazy(() => import('./runs/RunsPage'));
const RunPage = lazy(() => import('./runs/RunPage'));
const RequestsPage = lazy(() => import('./requests/RequestsPage'));
const EventsPage = lazy(() => import('./events/EventsPage'));
const GatePage = lazy(() => import('./gates/GatePage'));
const WebhooksPage = lazy(() => import('./webhooks/WebhooksPage'));
const WebhookPage = lazy(() => import('./webhooks/WebhookPage'));
const WorkflowsPage = lazy(() => import('./workflows/WorkflowsPage'));
const WorkflowPage = lazy(() => import('./workflows/WorkflowPage'));

export function App() {
  const [path] = useLocation();
  const refusal = useRefusal();
  if (refusal) return <SignIn message={refusal.message} done={refusal.again} />;
  return (
    <LiveProvider>
      <Shell>
        <Crash key={path}>
          <Suspense fallback={<Loading label="the view" />}>
            <Switch>
              <Route path="/" component={AssetsPage} />
              <Route path="/assets/:id/:tab?" component={AssetPage} />
              <Route path="/versions/:id" component={VersionPage} />
              <Route path="/compare" component={ComparePage} />
              <Route path="/runs" component={RunsPage} />
              <Route path="/runs/:id" component={RunPage} />
              <Route path="/requests" component={RequestsPage} />
              <Route path="/events" component={EventsPage} />
              <Route path="/gate" component={GatePage} />
              <Route path="/webhooks" component={WebhooksPage} />
              <Route path="/webhooks/:id" component={WebhookPage} />
              <Route path="/workflows" component={WorkflowsPage} />
              <Route path="/workflows/:slug/:tab?" component={WorkflowPage} />
              <Route>
                <Page title="Nothing here">
                  <Empty
                    title="There is nothing at this address"
                    actions={<Link href={links.assets()}>All assets</Link>}
                  >
                    <p>The link may be cut off, or older than the page.</p>
                  </Empty>
                </Page>
              </Route>
            </Switch>
          </Suspense>
        </Crash>
      </Shell>
    </LiveProvider>
  );
}

/** Any answer that says the token is missing or unknown, and how to go on once there is another. */
function useRefusal(): { message: string; again: () => void } | null {
  const client = useQueryClient();
  const [message, setMessage] = useState<string | null>(null);
  useEffect(
    () =>
      client.getQueryCache().subscribe((event) => {
        const { error } = event.query.state;
        if (error instanceof ApiError && error.code === 'unauthorized') setMessage(error.message);
      }),
    [client],
  );
  if (message === null) return null;
  const again = (): void => {
    client.clear();
    setMessage(null);
  };
  return { message, again };
}
