import { Link } from 'wouter';
import { reasonText } from '@/format/reasons';
import { links } from '@/routing/links';
import { Time } from '@/ui/Time';
import styles from './Reasons.module.css';

export interface Reason {
  code: string;
  message: string;
  since?: string | null;
  /** The upstream asset that it comes from. */
  assetId?: string | null;
}

/** Everything that is against an asset's newest version, the gravest first. */
export function Reasons({ of }: { of: readonly Reason[] }) {
  return (
    <ul className={styles.list}>
      {of.map((reason) => (
        <li key={`${reason.code} ${reason.assetId} ${reason.since} ${reason.message}`}>
          <Text of={reason} />
          {reason.since && (
            <span className={styles.since}>
              {' '}
              · since <Time of={reason.since} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The message, with the asset in it as a link. An id is shown as it is, whatever its first letter. */
function Text({ of: { message, assetId } }: { of: Reason }) {
  if (!assetId) return reasonText(message);
  const [before, after] = message.split(assetId, 2);
  return (
    <>
      {before && reasonText(before)}
      <Link href={links.asset(assetId)}>{assetId}</Link>
      {after}
    </>
  );
}
