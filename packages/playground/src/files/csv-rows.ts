/** Lines of comma-separated values (RFC 4180), of which the first has the names. */
export function csvRows(rows: readonly Readonly<Record<string, string | number | boolean | null>>[]): string {
  if (rows.length === 0) return '';
  const lines = [Object.keys(rows[0]), ...rows.map((row) => Object.values(row))];
  return lines.map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('');
}

function cellOf(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
