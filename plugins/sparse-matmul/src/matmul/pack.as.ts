export { copyRows } from '@tfjs-sparse/core/src/assembly/copy-rows.as';
import { groupOutputs, tileColumns, tileRows } from './tile-layout.as';

/**
 * Packs weights for tileMatMul: group of outputs by group, chunk of columns by chunk, block row by block row.
 *
 * @param starts  i32[blockRows + 1]  @param columns i32[blocks]  @param values f32[blocks, blockOutputs]
 * @param counts  u32[groups, chunks, block rows of the group], written: kept blocks
 * @param entries written: {u32 byte offset of the column, f32[blockOutputs]} for each of them
 * @param cursors u32[blockRows] scratch
 */
export function packTileWeights(
  starts: usize,
  columns: usize,
  values: usize,
  counts: usize,
  entries: usize,
  cursors: usize,
  inFeatures: usize,
  blockRows: usize,
  blockOutputs: usize,
): void {
  const columnBytes = tileRows(blockOutputs) << 2;
  const chunkColumns = tileColumns(blockOutputs);
  const groupRows = groupOutputs / blockOutputs;
  const valueBytes = blockOutputs << 2;
  memory.copy(cursors, starts, blockRows << 2);
  for (let group: usize = 0; group < blockRows; group += groupRows) {
    for (let chunk: usize = 0; chunk == 0 || chunk < inFeatures; chunk += chunkColumns) {
      for (let row = group; row < min(group + groupRows, blockRows); row++) {
        const first = load<u32>(cursors + (row << 2)) as usize;
        const end = load<u32>(starts + (row << 2), 4) as usize;
        let block = first;
        for (; block < end && (load<u32>(columns + (block << 2)) as usize) < chunk + chunkColumns; block++) {
          entries = storeEntry(entries, columns + (block << 2), values + block * valueBytes, blockOutputs, columnBytes);
        }
        store<u32>(cursors + (row << 2), block as u32);
        store<u32>(counts, (block - first) as u32);
        counts += 4;
      }
    }
  }
}

/** Packs weights for panelMatMul and rowMatMul: entries in the order of the pattern. */
export function packEntries(
  columns: usize,
  values: usize,
  entries: usize,
  blocks: usize,
  blockOutputs: usize,
  columnBytes: usize,
): void {
  const valueBytes = blockOutputs << 2;
  for (let block: usize = 0; block < blocks; block++) {
    entries = storeEntry(entries, columns + (block << 2), values + block * valueBytes, blockOutputs, columnBytes);
  }
}

/** @returns where the next entry begins */
// @ts-ignore: decorator of AssemblyScript
@inline
function storeEntry(entry: usize, column: usize, values: usize, blockOutputs: usize, columnBytes: usize): usize {
  store<u32>(entry, load<u32>(column) * (columnBytes as u32));
  for (let i: usize = 0; i < blockOutputs; i++) store<f32>(entry + (i << 2), load<f32>(values + (i << 2)), 4);
  return entry + ((blockOutputs + 1) << 2);
}
