import { requireRange } from '@tfjs-sparse/core';

const slotLimit = 2 ** 28; // tables of 1 GiB

/** @throws RangeError unless `size` can be a number of slots */
export function requireSetSize(op: string, name: string, size: number): void {
  const holds = Number.isInteger(size) && size >= 1 && size <= slotLimit;
  requireRange(holds, op, `${name} must be an integer from 1 to ${slotLimit}`, size);
}

/** @throws RangeError where sets have more slots than a table holds */
export function requireSlots(op: string, slotCount: number): void {
  requireRange(slotCount <= slotLimit, op, `the sets must have at most ${slotLimit} slots in all`, slotCount);
}
