import { Download } from 'lucide-react';
import { type Cell, csv } from '@/format/csv';
import { download, fileName } from '@/format/download';
import { Button } from './Button';

export interface CsvTable {
  header: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** Takes what is shown away as CSV; the table is made when it is asked for. */
export function CsvButton({ name, table }: { name: string; table: () => CsvTable }) {
  const save = (): void => {
    const { header, rows } = table();
    download(`${fileName(name)}.csv`, csv(header, rows), 'text/csv');
  };
  return (
    <Button onClick={save} title="Download what is shown, as CSV">
      <Download size={14} aria-hidden="true" /> CSV
    </Button>
  );
}
