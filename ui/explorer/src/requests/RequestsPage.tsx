/** The queue of requests for runs, the newest first: how each stands and why it is there. */
import { Link } from 'wouter';
import type { RequestsQuery, RunRequestState } from '@/api/generated/graphql';
import { useAnswers } from '@/api/useAnswers';
import { useWrite } from '@/api/useWrite';
import { links } from '@/routing/links';
import { useValues } from '@/routing/useValues';
import { Button } from '@/ui/Button';
import { Fields, Select } from '@/ui/Field';
import { ListFoot } from '@/ui/ListFoot';
import { Banner, Empty, Failure, Loading } from '@/ui/Notice';
import { Page, PageBody } from '@/ui/Page';
import { Table } from '@/ui/Table';
import { WorkflowField } from '@/workflows/WorkflowField';
import { columns } from './columns';
import { REQUEST } from './looks';
import { CANCEL, REQUESTS, RETRY } from './questions';

const STATES = Object.keys(REQUEST) as RunRequestState[];
const RENEWS = [REQUESTS.toString()];
const list = (answer: RequestsQuery) => answer.runRequests;

export default function RequestsPage() {
  const [values, change] = useValues();
  const state = STATES.find((each) => each === values.get('state')) ?? null;
  const workflow = values.get('workflow') || null;
  const found = useAnswers(REQUESTS, { state, workflow }, { list });
  const canceling = useWrite(CANCEL, RENEWS);
  const retrying = useWrite(RETRY, RENEWS);
  const refused = canceling.error ?? retrying.error;
  const isFiltered = state !== null || workflow !== null;
  const clear = () => change({ state: null, workflow: null });
  const isEmpty = found.first !== undefined && found.items.length === 0;
  return (
    <Page title="Requests for runs">
      {(!isEmpty || isFiltered) && (
        <Fields label="Filters">
          <Select
            label="State"
            value={state ?? ''}
            options={[['', 'Any state'], ...STATES.map((each) => [each, REQUEST[each].word] as const)]}
            onChange={(wanted) => change({ state: wanted })}
          />
          <WorkflowField value={workflow ?? ''} onChange={(slug) => change({ workflow: slug }, { replace: true })} />
          {isFiltered && (
            <Button kind="bare" onClick={clear}>
              Clear
            </Button>
          )}
        </Fields>
      )}
      {refused && <Banner>{refused.message}</Banner>}
      <PageBody padded={false}>
        {!found.first && found.error && <Failure error={found.error} retry={found.retry} />}
        {!found.first && !found.error && <Loading label="the requests" bars={12} />}
        {isEmpty && isFiltered && (
          <Empty title="No request is like this" actions={<Button onClick={clear}>Show all requests</Button>}>
            {workflow && <p>A workflow is named by its whole slug.</p>}
          </Empty>
        )}
        {isEmpty && !isFiltered && (
          <Empty title="Nobody has asked for a run" actions={<Link href={links.runs()}>All runs</Link>}>
            <p>Runs that somebody or something asks for wait here until an orchestrator claims them.</p>
          </Empty>
        )}
        {found.items.length > 0 && (
          <Table
            label="Requests for runs"
            columns={columns(found.items, {
              cancel: (id) => canceling.mutate({ id }),
              retry: (id) => retrying.mutate({ id }),
            })}
            rows={found.items}
            rowKey={(request) => request.requestId}
            onEnd={found.more}
            minWidth={900}
            foot={<ListFoot of={found} what="requests" />}
          />
        )}
      </PageBody>
    </Page>
  );
}
