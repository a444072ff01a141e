import type { WaferGrid } from '@tfjs-sparse/wafer-sscn';
import { beginningOf, decodedText } from '../../../src/files/decoded-text.js';
import { requireFile } from '../../../src/files/require-file.js';
import { gridOfCells } from './cells.js';

/** A line of numbers a row, separated by commas, semicolons or blanks; empty lines between maps. */
export function readCsv(contents: Uint8Array): WaferGrid[] {
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

function readMap(lines: readonly string[], map: number): WaferGrid {
  const rows = lines.map((line) => line.trim().split(/\s*[,;\s]\s*/));
  const width = rows[0].length;
  const cells = rows.map((values, row) => {
    const place = `row ${row + 1} of map ${map + 1} of a CSV file`;
    requireFile(values.length === width, `${place} must have ${width} numbers (as its first row)`, values.length);
    const odd = values.find((value) => !/^[0-9]{1,2}$/.test(value));
    requireFile(odd === undefined, `${place} must hold 0, 1 or 2 only`, JSON.stringify(odd));
    return values.map(Number);
  });
  return gridOfCells(rows.length, width, Uint8Array.from(cells.flat()), map);
}

/** Whether a file begins as a number does. */
export function looksLikeCsv(contents: Uint8Array): boolean {
  return numberBegin.test(beginningOf(contents));
}

/** A photograph is no map, but it can be said what to do about it. */
export function isJpeg(contents: Uint8Array): boolean {
  return contents[0] === 0xff && contents[1] === 0xd8;
}

const numberBegin = /^[\s\d,;.+-]/;

function textOf(contents: Uint8Array): string {
  const text = decodedText(contents) ?? '\0';
  const isText = !text.includes('\0');
  const other = isJpeg(contents) ? 'a JPEG, whose values are not exact (save it as PNG)' : 'other data';
  const found = isText ? JSON.stringify(text.slice(0, 20)) : other;
  const rule = 'a file of wafer maps must be idx, PNG or CSV (or one of them gzipped)';
  requireFile(isText && numberBegin.test(text), rule, found);
  return text;
}
