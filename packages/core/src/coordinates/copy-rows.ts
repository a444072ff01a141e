import type { HostArena } from '../wasm/host-memory.js';

/** What the wasm kernels read or write behind the last row. */
export const rowSpillBytes = 16;

/** Copies rows into the arena. */
export function copyRows(arena: HostArena, rows: Int32Array): number {
  const pointer = arena.alloc(rows.byteLength + rowSpillBytes);
  arena.int32(pointer, rows.length).set(rows);
  return pointer;
}
