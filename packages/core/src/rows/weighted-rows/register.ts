import type { registerOp } from '../../op/register.js';
import { entryProductsOp } from '../entry-products/definition.js';
import { weightedMaxRowsOp, weightedSumRowsOp } from './definition.js';

/** Calls `register` with every op behind `reduceWeightedRows`, beside those of `forEachCoreOp`. */
export function forEachWeightedRowOp(register: typeof registerOp): void {
  register(weightedSumRowsOp);
  register(weightedMaxRowsOp);
  register(entryProductsOp);
}
