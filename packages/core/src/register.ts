import { clampGradientOp } from './dense/clamp-gradient/definition.js';
import { columnSumsOp } from './dense/column-sums/definition.js';
import { registerOp } from './op/register.js';
import { argmaxRowsOp, maxRowsGradientOp, maxRowsOp, sharedMaxRowsGradientOp } from './rows/max-rows/definition.js';
import { gatherRowsOp, sumRowsOp } from './rows/sum-rows/definition.js';

import { addThreadedBinaries } from './threads/pool.js';
import { binaries } from './wasm-binaries.js';

/** Registers the ops that every plugin needs; each does so itself. */
export function registerCoreOps(): void {
  forEachCoreOp(registerOp);
  addThreadedBinaries(binaries);
}

/** Calls `register` with every op of core but those on rows with a tensor of values (`forEachWeightedRowOp`). */
export function forEachCoreOp(register: typeof registerOp): void {
  register(gatherRowsOp);
  register(sumRowsOp);
  register(maxRowsOp);
  register(argmaxRowsOp);
  register(maxRowsGradientOp);
  register(sharedMaxRowsGradientOp);
  register(clampGradientOp);
  register(columnSumsOp);
}
