import type { HostArena } from '../wasm/host-memory.js';
import type { KernelGeometry } from './kernel-geometry.js';
import { boxTaps } from './kernel-offsets.js';
import { columnWeight, maximumRank, type KeySpace } from './key-space.js';
import type { OutputGrid } from './output-grid.js';

/** How the taps of one axis meet the residues of padded positions: output = floor(position / stride) - shift. */
interface AxisResidues {
  /** Residues that a tap has. */
  readonly residues: readonly number[];
  /** By tap; holes where the kernel has none. */
  readonly taps: readonly { readonly residueIndex: number; readonly shift: number }[];
}

/** How one tap of the kernel meets the sites. */
export interface WindowTap {
  /** Class of the sites that it leads to an output. */
  readonly siteClass: number;
  /** Per axis. */
  readonly shifts: readonly number[];
}

export interface WindowClasses {
  readonly axes: readonly AxisResidues[];
  readonly classCount: number;
  /** In order of k. */
  readonly taps: readonly WindowTap[];
}

/** Classes of sites by their residues; only residues that a tap has make a class. */
export function windowClasses({ kernelSize, strides, dilation, taps }: KernelGeometry): WindowClasses {
  const axes = kernelSize.map((size, axis) => {
    const steps = taps ? new Set(taps.map((tap) => tap[axis])) : Array.from({ length: size }, (_, d) => d);
    return axisResidues(steps, strides[axis], dilation[axis]);
  });
  return {
    axes,
    classCount: axes.reduce((product, { residues }) => product * residues.length, 1),
    taps: (taps ?? boxTaps(kernelSize)).map((tap) => ({
      siteClass: axes.reduce((found, axis, i) => found * axis.residues.length + axis.taps[tap[i]].residueIndex, 0),
      shifts: axes.map((axis, i) => axis.taps[tap[i]].shift),
    })),
  };
}

function axisResidues(steps: Iterable<number>, stride: number, dilation: number): AxisResidues {
  const indices = new Map<number, number>();
  const taps: { residueIndex: number; shift: number }[] = [];
  for (const d of steps) {
    const distance = dilation * d;
    const residue = distance % stride;
    const residueIndex = indices.get(residue) ?? indices.size;
    indices.set(residue, residueIndex);
    taps[d] = { residueIndex, shift: (distance - residue) / stride };
  }
  return { residues: [...indices.keys()], taps };
}

/** Writes the record of the axes that windows.as.ts reads. */
export function writeWindowAxes(
  arena: HostArena,
  { padding, strides }: KernelGeometry,
  { axes, classCount }: WindowClasses,
  grid: OutputGrid,
  space: KeySpace,
): number {
  const rank = strides.length;
  const absent = maximumRank - rank;
  let classWeight = classCount;
  const tables = axes.map(({ residues }, axis) => {
    classWeight /= residues.length;
    return writeResidues(arena, residues, strides[axis], classWeight);
  });
  const noResidues = writeResidues(arena, [0], 1, 0);
  const record = arena.alloc(144);
  const writeLanes = (byteOffset: number, values: readonly number[], ofAbsent: number): void =>
    arena
      .int32(record + byteOffset, maximumRank)
      .fill(ofAbsent)
      .set(values, absent);
  writeLanes(
    0,
    strides.map(() => -1),
    0,
  );
  writeLanes(16, padding, 0);
  writeLanes(32, strides, 1);
  writeLanes(64, grid.least, 0);
  writeLanes(
    80,
    grid.least.map((least, axis) => grid.greatest[axis] - least),
    0,
  );
  writeLanes(96, tables, noResidues);
  arena
    .float32(record + 48, maximumRank)
    .fill(1)
    .set(strides, absent);
  const weights = strides.map((_, axis) => columnWeight(space, axis + 1));
  new BigInt64Array(arena.buffer, record + 112, maximumRank).fill(0n).set(weights, absent);
  return record;
}

/** Writes i32[stride]: what each residue adds to the class. */
function writeResidues(arena: HostArena, residues: readonly number[], stride: number, classWeight: number): number {
  const noTap = -(2 ** 28); // stays negative whatever the other three axes add: classes have at most 20 bits
  const pointer = arena.alloc(stride * 4);
  const table = arena.int32(pointer, stride).fill(noTap);
  residues.forEach((residue, index) => (table[residue] = index * classWeight));
  return pointer;
}
