import { requireRange, violation } from '@tfjs-sparse/core';
import { waferSide } from '@tfjs-sparse/wafer-sscn';
import { requireCells } from './cells.js';

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
  requireRange(blocks.length > 0, op, 'a CSV file must have at least one map', 'blank lines only');
  return blocks.map(readMap);
}

const op = 'readWafers';

function readMap(lines: readonly string[], map: number): Uint8Array {
  requireRange(
    lines.length === waferSide,
    op,
    `map ${map + 1} of a CSV file must have ${waferSide} rows`,
    lines.length,
  );
  const cells = new Uint8Array(waferSide ** 2);
  lines.forEach((line, row) => {
    const values = line.trim().split(/\s*[,;\s]\s*/);
    const place = `row ${row + 1} of map ${map + 1} of a CSV file`;
    requireRange(values.length === waferSide, op, `${place} must have ${waferSide} numbers`, values.length);
    const odd = values.find((value) => !/^[0-9]{1,2}$/.test(value));
    requireRange(odd === undefined, op, `${place} must hold 0, 1 or 2 only`, JSON.stringify(odd));
    cells.set(values.map(Number), row * waferSide);
  });
  return requireCells(cells, map);
}

function textOf(contents: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(contents);
    if (!/^[\s\d,;.+eE-]/.test(text)) throw new RangeError('no number at the beginning');
    return text;
  } catch (error) {
    const beginning = Array.from(contents.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const rule = 'a file of wafer maps must be idx, PNG or CSV (or one of them gzipped)';
    throw new RangeError(violation(op, rule, `a file that begins with the bytes ${beginning}`), { cause: error });
  }
}
