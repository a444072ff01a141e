/** A copy of a table on one device. */
interface DeviceCopy {
  readonly value: unknown;
  readonly free: () => void;
}

type DeviceCopies = Map<object, DeviceCopy>;

/** Copies by table, then by device. A table's copies go when it is released or collected. */
const copies = new WeakMap<Int32Array, DeviceCopies>();
const collected = new FinalizationRegistry<DeviceCopies>(freeAll);

/**
 * The copy of the immutable `table` on `device`, made by `make` on first use. Neither the value nor `free` may hold the
 * table, else it would never be collected: `make` is no closure over it.
 */
export function deviceCopy<T, D extends object>(
  table: Int32Array,
  device: D,
  make: (table: Int32Array, device: D) => { value: T; free: () => void },
): T {
  let ofTable = copies.get(table);
  if (!ofTable) {
    copies.set(table, (ofTable = new Map()));
    collected.register(table, ofTable, ofTable);
  }
  let copy = ofTable.get(device);
  if (!copy) ofTable.set(device, (copy = make(table, device)));
  return copy.value as T;
}

/** Frees the copies of `table` on every device now instead of at its collection. The table itself stays usable. */
export function releaseTable(table: Int32Array): void {
  const ofTable = copies.get(table);
  if (!ofTable) return;
  collected.unregister(ofTable);
  copies.delete(table);
  freeAll(ofTable);
}

function freeAll(ofTable: DeviceCopies): void {
  for (const copy of ofTable.values()) copy.free();
  ofTable.clear();
}
