import { Link } from 'wouter';
import type { VersionLineFragment } from '@/api/generated/graphql';
import { links } from '@/routing/links';
import { VersionLink } from './VersionLink';
import styles from './VersionName.module.css';

type Named = Pick<VersionLineFragment, 'assetId' | 'snapshotId' | 'version' | 'partitionKey' | 'valid'>;

/** A version with its asset, a link to either. */
export const VersionName = ({ of: version }: { of: Named }) => (
  <span className={styles.name}>
    <Link href={links.asset(version.assetId)}>{version.assetId}</Link>
    <VersionLink of={version} />
  </span>
);
