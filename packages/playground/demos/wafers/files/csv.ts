import { waferSide } from '@tfjs-sparse/wafer-sscn';
import { requireCells } from './cells.js';
import { requireFile } from '../../../src/files/require-file.js';

/** Lines of 64 numbers, separated by commas, semicolons or blanks; 64 lines a map, empty lines between maps. */
export function readCsv(contents: Uint8Array): Uint8Array[] {
  const blocks = textOf(contents)
    .split(/\r?\n/)
    .reduce<string[][]>(
      (maps, line) => {
        if (line.trim() === '') maps.push([]);
        else maps.at(-1)!.push(line);
        return maps;
      },
      [[]],
    )
    .filter((lines) => lines.length > 0);
  requireFile(blocks.length > 0, 'a CSV file must have at least one map', 'blank lines only');
  return blocks.map(readMap);
}

function readMap(lines: readonly string[], map: number): Uint8Array {
  requireFile(lines.length === waferSide, `map ${map + 1} of a CSV file must have ${waferSide} rows`, lines.length);
  const cells = new Uint8Array(waferSide ** 2);
  lines.forEach((line, row) => {
    const values = line.trim().split(/\s*[,;\s]\s*/);
    const place = `row ${row + 1} of map ${map + 1} of a CSV file`;
    requireFile(values.length === waferSide, `${place} must have ${waferSide} numbers`, values.length);
    const odd = values.find((value) => !/^[0-9]{1,2}$/.test(value));
    requireFile(odd === undefined, `${place} must hold 0, 1 or 2 only`, JSON.stringify(odd));
    cells.set(values.map(Number), row * waferSide);
  });
  return requireCells(cells, map);
}

function textOf(contents: Uint8Array): string {
  const text = new TextDecoder().decode(contents);
  const isText = !text.includes('\uFFFD') && !text.includes('\0');
  const found = isText ? JSON.stringify(text.slice(0, 20)) : 'other data';
  const rule = 'a file of wafer maps must be idx, PNG or CSV (or one of them gzipped)';
  requireFile(isText && /^[\s\d,;.+eE-]/.test(text), rule, found);
  return text;
}
