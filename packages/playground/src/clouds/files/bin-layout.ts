import {
  fewestColumns,
  fittingColumns,
  guessColumns,
  mostColumns,
  type ColumnGuess,
} from '@tfjs-sparse/lidar-minkunet';
import type { Place } from '../../demo.js';
import { requireFile } from '../../files/require-file.js';
import { columnsHint } from './kitti-bin.js';

/** How the points of a .bin file lie in it. */
export interface BinLayout {
  /** Numbers per point. */
  readonly columns: number;
  /** The column of x: 1 behind a batch index, else 0. */
  readonly first: 0 | 1;
  /** Whether nobody said the number. */
  readonly isGuessed: boolean;
  /** What may be wrong with it, in a sentence; null for nothing. */
  readonly hint: string | null;
}

const fewestRows = 16; // fewer whole numbers in a row mean nothing
const mostBatches = 1024;

/**
 * Numbers per point as asked for, else what the columns look like, else by the name: 5 for .pcd.bin (nuScenes: x, y, z,
 * intensity, ring), 3 for ...xyz.bin, 4 (KITTI: x, y, z, remission); where that divides the file not, the next that does.
 */
export function binLayout(
  contents: Uint8Array,
  name: string,
  asked: number | undefined,
  place: Place = 'page',
): BinLayout {
  const isFitting = asked === undefined || (Number.isInteger(asked) && asked >= fewestColumns && asked <= mostColumns);
  requireFile(isFitting, `columns must be ${fewestColumns} to ${mostColumns}`, asked);
  const values = floatsOf(contents);
  const guess = guessColumns(values);
  const fitting = fittingColumns(values.length);
  const columns = asked ?? guess.columns ?? columnsByName(fitting, name);
  const first = hasBatchIndex(contents, columns) ? 1 : 0;
  const sentences = [
    ...(asked === undefined ? doubtOf(columns, guess, fitting, place) : contradictionOf(asked, guess.columns)),
    ...(first === 1 ? ['Its first column looks like a batch index and is left out.'] : []),
  ];
  return { columns, first, isGuessed: asked === undefined, hint: sentences.join(' ') || null };
}

function doubtOf(
  columns: number,
  { columns: found, others }: ColumnGuess,
  fitting: readonly number[],
  place: Place,
): string[] {
  if (found !== null || fitting.length < 2) return [];
  const reason = others.length > 0 ? `its columns fit ${others.join(', ')} alike` : 'its columns look like no number';
  return [`Read as ${columns} numbers a point, a guess: ${reason} (${columnsHint(place)}).`];
}

function contradictionOf(asked: number, found: number | null): string[] {
  if (found === null || found === asked) return [];
  return [`Read as ${asked} numbers a point, though its columns look like ${found}.`];
}

/** None where the bytes are no whole numbers. */
function floatsOf(contents: Uint8Array): Float32Array {
  return contents.length % 4 === 0 ? new Float32Array(contents.slice().buffer) : new Float32Array(0);
}

function columnsByName(fitting: readonly number[], name: string): number {
  const usual = /\.pcd\.bin$/i.test(name) ? 5 : /xyz\.bin$/i.test(name) ? 3 : 4;
  return fitting.includes(usual) ? usual : (fitting[0] ?? usual);
}

/** Whole numbers from 0 up that never fall, before columns that vary. */
function hasBatchIndex(contents: Uint8Array, columns: number): boolean {
  const rows = Math.floor(contents.length / (4 * columns));
  if (columns < 4 || rows < fewestRows) return false;
  const values = new Float32Array(contents.slice(0, 4 * columns * rows).buffer);
  let last = 0;
  let isVaried = false;
  for (let at = 0; at < values.length; at += columns) {
    const batch = values[at];
    if (!Number.isInteger(batch) || batch < last || batch >= mostBatches) return false;
    last = batch;
    isVaried ||= values[at + 1] !== values[1];
  }
  return isVaried && last < rows / 2;
}
