/** Rows of a tile: with 1 output per block 7 vectors (8 with fused multiply-add) are what V8 keeps in registers. */
export const singleRows: usize = isDefined(RELAXED) ? 32 : 28;

/** Outputs of a group. */
export const groupOutputs: usize = 32;

/** Bytes of a chunk of a tile: with the sums of a group they fill the nearest cache of most machines (32 kB). */
const chunkBytes: usize = 28672;

/** Rows of a tile for blocks of 1, 2 or 4 outputs. */
export function tileRows(blockOutputs: usize): usize {
  return blockOutputs == 1 ? singleRows : 32 >> (blockOutputs >> 1);
}

/** Columns of a chunk. */
export function tileColumns(blockOutputs: usize): usize {
  return chunkBytes / (tileRows(blockOutputs) << 2);
}
