import { Page } from '@/ui/Page';

export default function AssetPage() {
  return <Page title="AssetPage">{null}</Page>;
}
