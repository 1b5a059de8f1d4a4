import { type ReactNode, useMemo } from 'react';
import { Router, useRouter } from 'wouter';
import { decoding, useHashPath, useHashSearch } from './hash';

/** wouter on the fragment of the address; `useParams` gives what was written, decoded. */
export function HashRouter({ children }: { children: ReactNode }) {
  const { parser } = useRouter();
  const decodingParser = useMemo(() => decoding(parser), [parser]);
  return (
    <Router hook={useHashPath} searchHook={useHashSearch} hrefs={useHashPath.hrefs} parser={decodingParser}>
      {children}
    </Router>
  );
}
