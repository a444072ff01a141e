import { releaseTable, requireRange } from '@tfjs-sparse/core';

/** Where the entries of a matrix lie: compressed rows (CSR). Immutable; the tables go to a device once. */
export class CompressedRows {
  private turned?: CompressedRows;
  private rowOfEach?: Int32Array;
  private joinedTables?: Int32Array;
  private joinedPlaces?: Int32Array;

  /**
   * @param starts  `[rowCount + 1]`: the first entry of each row, and their number
   * @param columns `[entries]`: the column of each entry
   * @param order   `[entries]`: where the value of each entry lies; default in the order of `columns`
   */
  constructor(
    readonly rowCount: number,
    readonly columnCount: number,
    readonly starts: Int32Array,
    readonly columns: Int32Array,
    readonly order?: Int32Array,
  ) {}

  /** Sorts entries by row, then column; equal ones keep their order. `order` names the given entry of each. */
  static sorted(rows: ArrayLike<number>, columns: ArrayLike<number>, shape: readonly [number, number]): CompressedRows {
    const [rowCount, columnCount] = shape;
    const byColumn = countingSort(columns, columnCount, null);
    const { starts, order } = countingSort(rows, rowCount, byColumn.order);
    const sortedColumns = Int32Array.from(order, (entry) => columns[entry]);
    return new CompressedRows(rowCount, columnCount, starts, sortedColumns, order);
  }

  get entryCount(): number {
    return this.columns.length;
  }

  /** The row of each entry. */
  get rows(): Int32Array {
    if (this.rowOfEach) return this.rowOfEach;
    const rows = new Int32Array(this.entryCount);
    for (let row = 0; row < this.rowCount; row++) rows.fill(row, this.starts[row], this.starts[row + 1]);
    this.rowOfEach = rows;
    return rows;
  }

  /** starts, columns and order in one table: webgpu binds few. */
  get joined(): Int32Array {
    return (this.joinedTables ??= joinedTable(this.starts, this.columns, this.order ?? new Int32Array(0)));
  }

  /** rows and columns in one table. */
  get places(): Int32Array {
    return (this.joinedPlaces ??= joinedTable(this.rows, this.columns));
  }

  /** The transposed matrix; the values stay where they are. */
  get transposed(): CompressedRows {
    if (this.turned) return this.turned;
    const { starts, order } = countingSort(this.columns, this.columnCount, null);
    const { rows } = this;
    const columns = Int32Array.from(order, (entry) => rows[entry]);
    const places = this.order;
    const turned = new CompressedRows(
      this.columnCount,
      this.rowCount,
      starts,
      columns,
      places ? order.map((entry) => places[entry]) : order,
    );
    turned.turned = this;
    this.turned = turned;
    return turned;
  }

  /** Frees the device copies of the tables. */
  dispose(): void {
    for (const entries of [this, this.turned]) {
      if (!entries) continue;
      const { starts, columns, order, rowOfEach, joinedTables, joinedPlaces } = entries;
      for (const table of [starts, columns, order, rowOfEach, joinedTables, joinedPlaces]) {
        if (table) releaseTable(table);
      }
    }
  }
}

function joinedTable(...tables: readonly Int32Array[]): Int32Array {
  const joined = new Int32Array(tables.reduce((sum, { length }) => sum + length, 0));
  let length = 0;
  for (const table of tables) {
    joined.set(table, length);
    length += table.length;
  }
  return joined;
}

/** Throws unless the tables are compressed rows of a matrix of `shape`; the message names the first offender. */
export function requireCompressedRows(
  op: string,
  [rowCount, columnCount]: readonly [number, number],
  starts: Int32Array,
  columns: Int32Array,
): void {
  requireRange(starts.length === rowCount + 1, op, `starts must have ${rowCount + 1} entries`, starts.length);
  requireRange(starts[0] === 0, op, 'starts must begin with 0', starts[0]);
  requireRange(starts[rowCount] === columns.length, op, `starts must end with ${columns.length}`, starts[rowCount]);
  for (let row = 0; row < rowCount; row++) {
    requireRange(starts[row] <= starts[row + 1], op, `starts must ascend (row ${row})`, starts[row + 1]);
  }
  requireIndices(op, 'columns', columns, columnCount);
}

/** Throws unless every index is an integer from 0 to below `count`. */
export function requireIndices(op: string, name: string, indices: ArrayLike<number>, count: number): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    const isInside = Number.isInteger(index) && index >= 0 && index < count;
    if (!isInside) requireRange(false, op, `${name}[${i}] must be an integer from 0 to below ${count}`, index);
  }
}

/** Entries by key, equal keys in the order of `before` (default ascending); `starts` as those of compressed rows. */
function countingSort(keys: ArrayLike<number>, keyCount: number, before: Int32Array | null) {
  const starts = new Int32Array(keyCount + 1);
  for (let i = 0; i < keys.length; i++) starts[keys[i] + 1]++;
  for (let key = 0; key < keyCount; key++) starts[key + 1] += starts[key];
  const next = starts.slice();
  const order = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const entry = before ? before[i] : i;
    order[next[keys[entry]]++] = entry;
  }
  return { starts, order };
}
