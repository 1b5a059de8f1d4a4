/** May it go ahead? Assets, and on demand everything upstream of them, held against what is asked of them. */
import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { GateQuery } from '@/api/generated/graphql';
import { useAnswer } from '@/api/useAnswer';
import { Reasons } from '@/assets/Reasons';
import { count, counted } from '@/format/numbers';
import { FRESHNESS } from '@/format/states';
import { links } from '@/routing/links';
import { useValues } from '@/routing/useValues';
import { Button } from '@/ui/Button';
import { CopyButton } from '@/ui/CopyButton';
import { Fields, Select, TextField } from '@/ui/Field';
import { Empty, Failure, Loading } from '@/ui/Notice';
import { Page, PageBody } from '@/ui/Page';
import { State } from '@/ui/State';
import { Time } from '@/ui/Time';
import { VersionLink } from '@/versions/VersionLink';
import styles from './GatePage.module.css';
import { AGE_OPTIONS, commandOf, FAILS, type Flag, type Gate, gateOf, PASSES, variablesOf } from './gate';

const GATE = graphql(`
  query Gate($assets: [String!]!, $maxAgeMs: Long, $requireValid: Boolean!, $upstream: Boolean!, $strict: Boolean!) {
    gate(
      assets: $assets, maxAgeMs: $maxAgeMs, requireValid: $requireValid, upstream: $upstream, strict: $strict
    ) {
      passed checkedAt
      assets {
        assetId distance passed
        freshness { state }
        objections { code message since assetId }
        latest { ...VersionLine }
      }
    }
  }
`);

const FLAG_TEXTS: readonly (readonly [Flag, text: string, title: string])[] = [
  ['upstream', 'Upstream too', 'The same of everything that they are made from.'],
  ['valid', 'Valid only', 'The newest version must fit its schema.'],
  ['strict', 'Strict', 'What is due, or has no declared limits, does not pass either.'],
];

export default function GatePage() {
  const [values] = useValues();
  const gate = gateOf(values);
  return (
    <Page title="May it go ahead?">
      <Asked gate={gate} />
      <PageBody>
        {gate.assets.length > 0 ? (
          <Outcome gate={gate} />
        ) : (
          <Empty title="Which assets must be good?" actions={<Link href={links.assets()}>All assets</Link>}>
            <p>Write the ids of one or several above. A release or a job asks the same on its command line.</p>
          </Empty>
        )}
      </PageBody>
    </Page>
  );
}

function Asked({ gate }: { gate: Gate }) {
  const [, change] = useValues();
  return (
    <Fields label="What is asked">
      <TextField
        label="Assets: ids with spaces between them"
        placeholder="Ids of assets"
        width={280}
        value={gate.assets.join(' ')}
        onChange={(assets) => change({ assets }, { replace: true })}
      />
      <Select label="Newest version" value={gate.age} options={AGE_OPTIONS} onChange={(age) => change({ age })} />
      {FLAG_TEXTS.map(([flag, text, title]) => (
        <Button
          key={flag}
          aria-pressed={gate.flags.has(flag)}
          title={title}
          onClick={() => change({ [flag]: gate.flags.has(flag) ? null : 'yes' })}
        >
          {text}
        </Button>
      ))}
    </Fields>
  );
}

/** Assets that are listed. */
const SHOWN = 300;

function Outcome({ gate }: { gate: Gate }) {
  const { data, error, refetch } = useAnswer(GATE, variablesOf(gate));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="what the gate says" />;
  const { passed, checkedAt, assets } = data.gate;
  const failed = assets.filter((each) => !each.passed).length;
  // What is in the way stands above what is not.
  const shown = assets.toSorted((a, b) => Number(a.passed) - Number(b.passed)).slice(0, SHOWN);
  return (
    <div className={styles.outcome}>
      <div className={styles.line} role="status">
        <State look={passed ? PASSES : FAILS} as="chip" />
        <span>
          {passed
            ? `${assets.length === 1 ? 'The asset passes' : `All ${counted(assets.length, 'asset')} pass`}.`
            : `${count(failed)} of ${counted(assets.length, 'asset')} ${failed === 1 ? 'does' : 'do'} not pass.`}
        </span>
        <span className={styles.muted}>
          As of <Time of={checkedAt} as="exact" />
        </span>
      </div>
      <div className={styles.line}>
        <code>{commandOf(gate)}</code>
        <CopyButton text={() => commandOf(gate)} label="Copy the command" />
      </div>
      <ul className={styles.assets} aria-label="Assets that were looked at">
        {shown.map((each) => (
          <li key={each.assetId}>
            <Asset of={each} />
          </li>
        ))}
      </ul>
      {assets.length > SHOWN && (
        <p>{`${count(assets.length - SHOWN)} more are not listed; the command line lists them all.`}</p>
      )}
    </div>
  );
}

function Asset({ of: { assetId, distance, passed, freshness, objections, latest } }: { of: Checked }) {
  return (
    <>
      <div className={styles.line}>
        <State look={passed ? PASSES : FAILS} />
        <Link href={links.asset(assetId, 'overview')} className={styles.name}>
          {assetId}
        </Link>
        <State look={FRESHNESS[freshness.state]} />
        {latest && (
          <>
            <VersionLink of={latest} />
            <Time of={latest.producedAt} />
          </>
        )}
        {distance > 0 && <span className={styles.muted}>{counted(distance, 'hop')} upstream</span>}
      </div>
      {objections.length > 0 && <Reasons of={objections} />}
    </>
  );
}

type Checked = GateQuery['gate']['assets'][number];
