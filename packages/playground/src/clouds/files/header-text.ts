import { requireFile } from '../../files/require-file.js';

const maxHeaderBytes = 65_536;

/**
 * The lines at the start of a file up to the one that begins with the word `last`, and where the body begins. Lines end as
 * the first one does: LF, CR LF, or CR alone.
 */
export function headerText(
  contents: Uint8Array,
  last: string,
): { readonly lines: readonly string[]; readonly byteOffset: number } {
  const text = new TextDecoder('latin1').decode(contents.subarray(0, maxHeaderBytes));
  const lines: string[] = [];
  const [lineEnd] = /\r\n|\r|\n/.exec(text) ?? ['\n'];
  for (let start = 0; start < text.length;) {
    const end = text.indexOf(lineEnd, start);
    if (end < 0) break;
    const line = text.slice(start, end).trim();
    lines.push(line);
    start = end + lineEnd.length;
    if (line.split(/\s/)[0].toLowerCase() === last.toLowerCase()) return { lines, byteOffset: start };
  }
  requireFile(false, `the header must end with a line of ${last}`, `${lines.length} other lines`);
}

/** Values of a header line, by the keyword at its start. */
export function valuesOf(lines: readonly string[], keyword: string): readonly string[] | undefined {
  const line = lines.find((candidate) => candidate.split(/\s+/)[0].toUpperCase() === keyword);
  return line?.split(/\s+/).slice(1);
}
