import type { HostArena } from '../wasm/host-memory.js';
import { copyRows } from './copy-rows.js';
import type { CurveTail } from './curves.js';
import { indexKernels } from './index-kernels.js';
import type { KeyPlan } from './key-plan.js';
import { appendDigit, emptyKeys } from './site-digits.js';
import type { Sites } from './sites.js';

/** A column of int32 values in the arena that digits are made of. */
export interface Column {
  readonly values: number;
  readonly valueBytes: number;
  readonly least: number;
  readonly greatest: number;
}

/** What the curve of a plan adds to keys; handed in, so that pages without curves do not load it. */
export interface CurveKeys {
  /** Adds Z-order codes from bit `position` on to the tables of the columns. */
  fillTables(curve: CurveTail, columns: readonly Column[], tables: readonly number[], position: number): void;
  /** Makes the codes of the curve of Z-order codes at bit `position`. */
  finish(arena: HostArena, curve: CurveTail, keys: number, count: number, position: number): void;
  /** Appends the codes to u64[count] at `keys`; `rows` are those of the sites. */
  append(arena: HostArena, curve: CurveTail, rows: number, rowBytes: number, keys: number, count: number): void;
}

/** Keys to be made: of which sites, and how many bits of each the index of its site takes, null where it has none. */
interface Request {
  readonly sites: Sites;
  readonly plan: KeyPlan;
  readonly indexBits: number | null;
  readonly curveKeys: CurveKeys | undefined;
}

/**
 * The keys of the sites by `plan`, in the arena: u64[count] key << indexBits | site, or plain keys where `indexBits` is
 * null.
 */
export function writePlannedKeys(
  arena: HostArena,
  sites: Sites,
  plan: KeyPlan,
  indexBits: number | null,
  curveKeys?: CurveKeys,
): number {
  const columns = columnsOf(arena, sites, plan);
  const entries = columns.reduce((sum, column) => sum + lengthOf(column), 0);
  // Keys of 82,914 sites of a scan by tables and digit by digit: of FlatFormer's order 0.8 and 2.1 ms, of the Z-order
  // curve 0.4 and 4.0, of the Hilbert curve 1.8 and 8.6. An entry of a table costs no more than a site digit by digit.
  const write = entries <= 2 * sites.count + 4096 ? sumTables : appendDigits;
  return write(arena, columns, { sites, plan, indexBits, curveKeys });
}

/** The batch index and each axis, and behind them the numbers of groups where these are digit 0. */
function columnsOf(arena: HostArena, { coordinates, bounds }: Sites, { groups, ranges }: KeyPlan): readonly Column[] {
  const rows = copyRows(arena, coordinates);
  const valueBytes = bounds.minimum.length * 4;
  const columns = bounds.minimum.map((least, column) => {
    return { values: rows + column * 4, valueBytes, least, greatest: bounds.maximum[column] };
  });
  if (!groups) return columns;
  const values = copyRows(arena, groups.rows.transposed.index!);
  return [...columns, { values, valueBytes: 4, least: 0, greatest: ranges[0].greatest }];
}

/** The column of digit `number`. */
function columnOf({ groups, digits }: KeyPlan, columns: readonly Column[], number: number): number {
  return groups && number === 0 ? columns.length - 1 : digits[number].column;
}

function lengthOf({ least, greatest }: Column): number {
  return greatest - least + 1;
}

/** Every digit depends on one column: what a column adds to the key is looked up by its value. */
function sumTables(arena: HostArena, columns: readonly Column[], request: Request): number {
  const kernels = indexKernels();
  const { sites, plan, indexBits, curveKeys } = request;
  const tables = columns.map((column) => {
    const table = arena.alloc(lengthOf(column) * 8);
    arena.int32(table, lengthOf(column) * 2).fill(0);
    return table;
  });
  const positions = digitPositions(plan, indexBits ?? 0);
  plan.digits.forEach(({ shift, size, isPlace }, number) => {
    const column = columnOf(plan, columns, number);
    const [length, first] = [lengthOf(columns[column]), columns[column].least + shift];
    kernels.addDigits(tables[column], length, first, size, isPlace, plan.ranges[number].least, positions[number]);
  });
  if (plan.curve) curveKeys!.fillTables(plan.curve, columns, tables, indexBits ?? 0);
  const keys = arena.alloc(sites.count * 8);
  kernels.writeIndices(keys, sites.count, indexBits === null ? 0n : 1n);
  addTables(arena, columns, tables, keys, sites.count);
  reverse(arena, plan, positions, keys, sites.count);
  if (plan.curve) curveKeys!.finish(arena, plan.curve, keys, sites.count, indexBits ?? 0);
  return keys;
}

/** Adds what the tables say for every site to its key, three columns at a time; those that say 0 for all are left out. */
function addTables(
  arena: HostArena,
  columns: readonly Column[],
  tables: readonly number[],
  keys: number,
  count: number,
): void {
  const isZero = (column: number): boolean =>
    arena.int32(tables[column], lengthOf(columns[column]) * 2).every((half) => half === 0);
  const records = columns.flatMap(({ values, valueBytes, least }, column) =>
    isZero(column) ? [] : [[values, valueBytes, tables[column] - least * 8]],
  );
  const zero = arena.alloc(16); // a value of 0, and what its table says
  arena.int32(zero, 4).fill(0);
  while (records.length % 3 !== 0) records.push([zero, 0, zero + 8]);
  const pointer = arena.alloc(records.length * 12);
  arena.int32(pointer, records.length * 3).set(records.flat());
  for (let record = 0; record < records.length; record += 3) {
    indexKernels().addColumns(pointer + record * 12, count, keys);
  }
}

/** The lowest bit of every digit. */
function digitPositions({ ranges, bits }: KeyPlan, indexBits: number): readonly number[] {
  let position = bits + indexBits;
  return ranges.map((range) => (position -= range.bits));
}

function reverse(
  arena: HostArena,
  { digits, ranges }: KeyPlan,
  positions: readonly number[],
  keys: number,
  count: number,
): void {
  const masks = digits.flatMap(({ reversedBy }, number) => {
    if (reversedBy.length === 0) return [];
    const withBits = reversedBy.filter((earlier) => ranges[earlier].bits > 0); // one without is even everywhere
    const lowestBits = withBits.reduce((mask, earlier) => mask | (1n << BigInt(positions[earlier])), 0n);
    return [lowestBits, ((1n << BigInt(ranges[number].bits)) - 1n) << BigInt(positions[number])];
  });
  if (masks.length === 0) return;
  const pointer = arena.alloc(masks.length * 8);
  new BigUint64Array(arena.buffer, pointer, masks.length).set(masks);
  indexKernels().reverseDigits(keys, count, pointer, masks.length / 2);
}

/** For sites so far apart that tables would be longer than the list of sites. */
function appendDigits(arena: HostArena, columns: readonly Column[], request: Request): number {
  const { sites, plan, indexBits, curveKeys } = request;
  const growing = emptyKeys(arena, sites.count);
  plan.digits.forEach((digit, number) => {
    const { values, valueBytes } = columns[columnOf(plan, columns, number)];
    appendDigit(arena, growing, values, valueBytes, digit, plan.ranges[number], number);
  });
  const [{ values, valueBytes }] = columns;
  if (plan.curve) curveKeys!.append(arena, plan.curve, values, valueBytes, growing.keys, sites.count);
  if (indexBits !== null) indexKernels().appendIndices(growing.keys, sites.count, indexBits);
  return growing.keys;
}
