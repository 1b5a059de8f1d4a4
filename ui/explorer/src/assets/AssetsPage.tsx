import { Page } from '@/ui/Page';

export default function AssetsPage() {
  return <Page title="AssetsPage">{null}</Page>;
}
