import { Link } from 'wouter';
import type { VersionLineFragment } from '@/api/generated/graphql';
import { INVALID } from '@/format/states';
import { links } from '@/routing/links';
import { State } from '@/ui/State';
import styles from './VersionName.module.css';

type Named = Pick<VersionLineFragment, 'assetId' | 'snapshotId' | 'version' | 'partitionKey' | 'valid'>;

/** The asset, the partition and the number of a version, and whether it does not fit its schema. */
export function VersionName({ of: { assetId, snapshotId, version, partitionKey, valid } }: { of: Named }) {
  return (
    <span className={styles.name}>
      <Link href={links.asset(assetId)}>{assetId}</Link>
      {partitionKey && <span className={styles.partition}>{partitionKey}</span>}
      <Link href={links.version(snapshotId)} aria-label={`version ${version} of ${assetId}`}>
        v{version}
      </Link>
      {!valid && <State look={INVALID} />}
    </span>
  );
}
