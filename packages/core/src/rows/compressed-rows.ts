import { derivedKey, DerivedValues, type DerivedKey, type Own } from '../op/derived-values.js';
import { releaseTable } from '../op/tables.js';
import { countingSort, type Sorted } from './counting-sort.js';

export interface RowFactors {
  /** float32 `[entries]`: a constant factor of each entry; default 1. */
  readonly weights?: Float32Array;
  /** int32 `[entries]`: where the value of each entry lies in a tensor of values; default in the order of the entries. */
  readonly order?: Int32Array;
}

const entryLists = derivedKey<Int32Array>();
const weightedForms = derivedKey<CompressedRows>();

/**
 * Which rows of one matrix each row of another takes: compressed rows (CSR) with the columns naming the rows taken. The
 * neighbours of a graph's nodes, the sites of a window, the points of a site, the sites of a cloud. Immutable; the tables
 * go to a device once.
 */
export class CompressedRows {
  readonly rowCount: number;
  readonly columnCount: number;
  /**
   * int32 `[rowCount]`, where every row has at most one entry and no weight: its column, or -1. What is given by an index
   * is made into `starts` and `columns` only when these are read.
   */
  readonly index?: Int32Array;
  /** The bits of the weights: tables of kernels are int32. */
  readonly weightBits?: Int32Array;
  #starts?: Int32Array;
  #columns?: Int32Array;
  #order?: Int32Array | (() => Int32Array);
  #rows?: Int32Array;
  #transposed?: CompressedRows;
  readonly #byColumn?: Sorted;
  readonly #derived = new DerivedValues();

  private constructor(
    shape: readonly [number, number],
    tables: { index: Int32Array; byColumn?: Sorted } | { starts: Int32Array; columns: Int32Array },
    { weights, order }: RowFactors = {},
  ) {
    [this.rowCount, this.columnCount] = shape;
    this.#order = order;
    if (weights) this.weightBits = new Int32Array(weights.buffer, weights.byteOffset, weights.length);
    if ('index' in tables) {
      this.index = tables.index;
      this.#byColumn = tables.byColumn;
    } else {
      this.#starts = tables.starts;
      this.#columns = tables.columns;
    }
  }

  /**
   * @param shape   `[rows, columns]`
   * @param starts  int32 `[rows + 1]`: the first entry of each row, and the number of all
   * @param columns int32 `[entries]`: the column of each entry
   */
  static from(
    shape: readonly [number, number],
    starts: Int32Array,
    columns: Int32Array,
    factors?: RowFactors,
  ): CompressedRows {
    return new CompressedRows(shape, { starts, columns }, factors);
  }

  /**
   * Rows of at most one entry.
   *
   * @param index    int32 `[rows]`: the column of each row, or -1
   * @param byColumn the rows of each column, ascending, where they are known
   */
  static fromIndex(index: Int32Array, columnCount: number, byColumn?: Sorted): CompressedRows {
    return new CompressedRows([index.length, columnCount], { index, byColumn });
  }

  /** Sorts entries by row, then column; equal ones keep their order. `order` names the given entry of each. */
  static sorted(rows: ArrayLike<number>, columns: ArrayLike<number>, shape: readonly [number, number]): CompressedRows {
    const byColumn = countingSort(columns, shape[1]);
    const { starts, order } = countingSort(rows, shape[0], byColumn.order);
    const sortedColumns = Int32Array.from(order, (entry) => columns[entry]);
    return CompressedRows.from(shape, starts, sortedColumns, { order });
  }

  /** int32 `[rowCount + 1]`: the first entry of each row, and the number of all. */
  get starts(): Int32Array {
    return (this.#starts ??= startsOf(this.index!));
  }

  /** int32 `[entryCount]` */
  get columns(): Int32Array {
    return (this.#columns ??= this.#isFull() ? this.index! : this.index!.filter((column) => column >= 0));
  }

  get entryCount(): number {
    return this.columns.length;
  }

  /** int32 `[entryCount]`, or undefined where the values lie in the order of the entries. */
  get order(): Int32Array | undefined {
    if (typeof this.#order === 'function') this.#order = this.#order();
    return this.#order;
  }

  /** float32 `[entryCount]`, or undefined where all are 1. */
  get weights(): Float32Array | undefined {
    const bits = this.weightBits;
    return bits && new Float32Array(bits.buffer, bits.byteOffset, bits.length);
  }

  /** int32 `[entryCount]`: the row of each entry. */
  get rows(): Int32Array {
    if (this.#rows) return this.#rows;
    const rows = new Int32Array(this.entryCount);
    for (let row = 0; row < this.rowCount; row++) rows.fill(row, this.starts[row], this.starts[row + 1]);
    return (this.#rows = rows);
  }

  /** The same entries by column: columns become rows. Made on first use; its `order` leads back to these entries. */
  get transposed(): CompressedRows {
    if (!this.#transposed) {
      this.#transposed = this.#byColumn ? this.#transposedIndex(this.#byColumn) : this.#sortedByColumn();
      this.#transposed.#transposed = this;
    }
    return this.#transposed;
  }

  /** int32 `[entryCount]`: the entries of each column, ascending; their columns are ordered as the rows of `transposed`. */
  get entriesByColumn(): Int32Array {
    return this.derived(entryLists, (own) => own(countingSort(this.columns, this.columnCount).order));
  }

  /** The same entries, each row's with the factor that `weightOf` gives for their number; made once per name. */
  weighted(name: string, weightOf: (entries: number) => number): CompressedRows {
    return this.derived(weightedForms.of(name), (own) => {
      const { starts, columns } = this;
      const weights = new Float32Array(columns.length);
      for (let row = 0; row < this.rowCount; row++) {
        weights.fill(weightOf(starts[row + 1] - starts[row]), starts[row], starts[row + 1]);
      }
      const shape = [this.rowCount, this.columnCount] as const;
      return own(CompressedRows.from(shape, starts, columns, { weights, order: this.order }));
    });
  }

  /** What `make` derives from these rows, made once per key; what it owns is freed with them. */
  derived<T>(key: DerivedKey<T>, make: (own: Own) => T): T {
    return this.#derived.get(key, make);
  }

  /** Frees the device copies of the tables; they stay usable. */
  dispose(): void {
    for (const rows of [this, this.#transposed]) {
      if (!rows) continue;
      for (const table of [rows.index, rows.weightBits, rows.#starts, rows.#columns, rows.#order, rows.#rows]) {
        if (table instanceof Int32Array) releaseTable(table);
      }
      rows.#derived.dispose();
    }
  }

  /** True where every row has its entry: entry and row are the same number. */
  #isFull(): boolean {
    const { length } = this.#byColumn?.order ?? this.index!.filter((column) => column >= 0);
    return length === this.rowCount;
  }

  #transposedIndex({ starts, order }: Sorted): CompressedRows {
    const transposed = CompressedRows.from([this.columnCount, this.rowCount], starts, order);
    transposed.#order = this.#isFull() ? order : () => order.map((row) => this.starts[row]);
    return transposed;
  }

  #sortedByColumn(): CompressedRows {
    const { starts, order } = countingSort(this.columns, this.columnCount);
    const { rows, weights } = this;
    const places = this.order;
    return CompressedRows.from(
      [this.columnCount, this.rowCount],
      starts,
      order.map((entry) => rows[entry]),
      {
        weights: weights && Float32Array.from(order, (entry) => weights[entry]),
        order: places ? order.map((entry) => places[entry]) : order,
      },
    );
  }
}

function startsOf(index: Int32Array): Int32Array {
  const starts = new Int32Array(index.length + 1);
  for (let row = 0; row < index.length; row++) starts[row + 1] = starts[row] + (index[row] >= 0 ? 1 : 0);
  return starts;
}
