import { token } from '@/api/token';
import { CopyButton } from '@/ui/CopyButton';
import { Empty } from '@/ui/Notice';
import styles from './FirstAsset.module.css';

/** A service that knows nothing yet: how the first asset gets in. */
export function FirstAsset() {
  const [declare, report] = commands(window.location.origin, token.get() !== null);
  return (
    <Empty title="No asset yet">
      <p>Assets come in with the workflows that make them. Declare one that makes the asset “raw”:</p>
      <Command text={declare} label="Copy the command that declares a workflow" />
      <p>Then report a run of it, which leaves the first version behind:</p>
      <Command text={report} label="Copy the command that reports a run" />
      <p>
        Or run the example that comes with the service, <code>scripts/run</code>. Every route:{' '}
        <a href="/openapi.json">openapi.json</a>; the same by GraphQL: <a href="/graphql">GraphiQL</a>; the story of it
        all: <code>README.md</code> and <code>docs/api.md</code>.
      </p>
    </Empty>
  );
}

function Command({ text, label }: { text: string; label: string }) {
  return (
    <div className={styles.command}>
      <pre>{text}</pre>
      <CopyButton label={label} text={() => text} />
    </div>
  );
}

function commands(origin: string, withToken: boolean): [declare: string, report: string] {
  const header = withToken ? ` -H "Authorization: Bearer $LINEAGE_TOKEN"` : '';
  return [
    `curl -sS ${origin}/workflows/nightly -X PUT${header} --json '{"steps": [
  {"id": "scan", "produces": [{"assetId": "raw"}]}]}'`,
    `curl -sS ${origin}/reports${header} -H 'Content-Type: application/x-ndjson' --data-binary '
{"op": "start", "id": "first", "workflowSlug": "nightly"}
{"op": "report", "runId": "first", "stepId": "scan", "status": "succeeded", "result": {"assets": {"raw": {"files": 3}}}}
{"op": "finish", "runId": "first", "status": "succeeded"}'`,
  ];
}
