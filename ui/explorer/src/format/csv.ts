/** CSV (RFC 4180) that a spreadsheet opens without running anything in it; as the service's own export writes it. */

export type Cell = string | number | null | undefined;

/** What begins a formula, full-width signs too; an apostrophe, so that dropping one gives the exact text back. */
const FORMULA = /^ *[=+\-@＝＋－＠\t\r\n']/;

/** A header and rows, each line ended by CR LF. */
export const csv = (header: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');

function cell(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
