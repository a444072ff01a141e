import { abs, cast, div, mul, step, sub, tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import { derivedKey } from '../../op/derived-values.js';
import { runOp } from '../../op/run.js';
import { CompressedRows } from '../compressed-rows.js';
import { factorOf } from '../factors.js';
import { gatherRowsOp, sumOf } from '../sum-rows/definition.js';

/** The entries as rows of their own. */
interface Entries {
  /** `[entries, columns]`: the column of each. */
  readonly columns: CompressedRows;
  /** `[entries, rows]`: the row of each. */
  readonly rows: CompressedRows;
  /** `[rows, entries]`. */
  readonly ofRows: CompressedRows;
}

const entryRows = derivedKey<Entries>();

/**
 * The gradient of the maxima for x, made of operations that have gradients themselves: what a second derivative goes
 * through. It holds a number for every entry and channel.
 *
 * @param shares `[entries, channels]`: of its row's gradient, what each entry gets
 */
export function differentiableGradient(dy: Tensor, shares: Tensor, rows: CompressedRows): Tensor {
  const entries = entriesOf(rows);
  const ofEntries = mul(runOp(gatherRowsOp, { x: dy }, { rows: entries.rows }).y, shares);
  return sumOf(ofEntries, entries.columns.transposed);
}

// Where the maxima are does not change with x: `step` has a gradient, which is 0, where comparisons have none.

/** All to the entry of the row that `places` names. */
export function sharesOfFirst(places: Tensor, rows: CompressedRows): Tensor {
  const { starts } = rows;
  const factor = factorOf(rows, undefined);
  const numbers = Float32Array.from(rows.rows, (row, entry) => entry - starts[row]);
  const factors = Float32Array.from(numbers, (_, entry) => factor(entry));
  const named = runOp(gatherRowsOp, { x: cast(places, 'float32') }, { rows: entriesOf(rows).rows }).y;
  const shape: [number, number] = [numbers.length, 1];
  const isNamed = sub(1, step(abs(sub(named, tensor2d(numbers, shape)))));
  return mul(isNamed, tensor2d(factors, shape));
}

/** Evenly to all entries of the row that are the greatest, `y`. NaN and infinities give NaN. */
export function sharesOfGreatest(x: Tensor, y: Tensor, rows: CompressedRows): Tensor {
  const entries = entriesOf(rows);
  const taken = runOp(gatherRowsOp, { x }, { rows: entries.columns }).y;
  const greatest = runOp(gatherRowsOp, { x: y }, { rows: entries.rows }).y;
  const isGreatest = sub(1, step(sub(greatest, taken)));
  const counts = sumOf(isGreatest, entries.ofRows);
  return div(isGreatest, runOp(gatherRowsOp, { x: counts }, { rows: entries.rows }).y);
}

function entriesOf(rows: CompressedRows): Entries {
  return rows.derived(entryRows, (own) => ({
    columns: own(CompressedRows.fromIndex(rows.columns, rows.columnCount)),
    rows: own(CompressedRows.fromIndex(rows.rows, rows.rowCount)),
    ofRows: own(
      CompressedRows.from(
        [rows.rowCount, rows.entryCount],
        rows.starts,
        Int32Array.from(rows.rows, (_, entry) => entry),
      ),
    ),
  }));
}
