import type { HostArena } from '../wasm/host-memory.js';
import type { CurveTail } from './curves.js';
import { hilbertStates } from './hilbert-states.js';
import { indexKernels } from './index-kernels.js';
import type { CurveKeys } from './planned-keys.js';

/** The codes on a curve behind the digits of keys. */
export const curveKeys: CurveKeys = {
  fillTables({ columns: ofCurve, origin, depth }, columns, tables, position) {
    ofCurve.forEach((column, axis) => {
      const { least, greatest } = columns[column];
      const lowest = position + ofCurve.length - 1 - axis;
      indexKernels().spreadBits(
        tables[column],
        greatest - least + 1,
        least - origin[axis],
        depth,
        ofCurve.length,
        lowest,
      );
    });
  },

  finish(arena, { isHilbert, columns: { length: axisCount }, depth }, keys, count, position) {
    if (!isHilbert) return;
    const { levels, entries, starts } = hilbertStates(axisCount);
    const pointer = arena.alloc(entries.byteLength);
    arena.int32(pointer, entries.length).set(entries);
    const start = starts[(levels - (depth % levels)) % levels];
    indexKernels().hilbertOfZOrder(keys, count, depth * axisCount, position, levels * axisCount, pointer, start);
  },

  append(arena, curve, rows, rowBytes, keys, count) {
    const kernels = indexKernels();
    const { isHilbert, depth, columns } = curve;
    const appendCode = isHilbert ? kernels.appendHilbert : kernels.appendZOrder;
    appendCode(rows, rowBytes, count, writeAxes(arena, curve), columns.length, depth, keys);
  },
};

function writeAxes(arena: HostArena, { columns, origin }: CurveTail): number {
  const axes = arena.alloc(columns.length * 8);
  arena.int32(axes, columns.length * 2).set(columns.flatMap((column, axis) => [column, origin[axis]]));
  return axes;
}
