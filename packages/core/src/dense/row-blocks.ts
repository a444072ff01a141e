/** Rows in blocks of sqrt(rows): as many in a block as there are blocks, the shortest chain of two steps. */
export interface RowBlocks {
  readonly rows: number;
  readonly blockRows: number;
  readonly blocks: number;
}

export function rowBlocks(rows: number): RowBlocks {
  const blockRows = Math.ceil(Math.sqrt(rows));
  return { rows, blockRows, blocks: Math.ceil(rows / blockRows) };
}
