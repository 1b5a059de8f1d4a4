import { Link } from 'wouter';
import { links } from '@/routing/links';
import styles from './Causes.module.css';
import { type Cause, causesOf } from './looks';

/** Why a run was asked for: in a word, and the assets and events that led to it. */
export function Causes({ reason, causes }: { reason: string; causes: unknown }) {
  const told = causesOf(causes);
  return (
    <span className={styles.causes}>
      <span>{reason}</span>
      {told.map((cause) => (
        <span key={`${cause.event} ${cause.requestId} ${cause.assetId}`} className={styles.cause}>
          <OneCause of={cause} />
        </span>
      ))}
    </span>
  );
}

function OneCause({ of: { event, type, assetId, partitionKey, requestId } }: { of: Cause }) {
  return (
    <>
      {'← '}
      {type && `${type} `}
      {assetId && <Link href={links.asset(assetId)}>{assetId}</Link>}
      {partitionKey && ` ${partitionKey}`}
      {requestId && <code>{requestId}</code>}
      {event !== undefined && ` #${event}`}
    </>
  );
}
