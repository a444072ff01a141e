import type { Safetensors, SafetensorsTensor } from '@tfjs-sparse/core';
import { attributesOf, expectedTables, int32Tensor, integersOf, piecesOfSize } from './peer-tables.js';

/** One of the four orders of a file: options, sites and the groups. */
interface FlatFormerPartition {
  /** Int32 `[sites, 4]`: batch index, z, y, x. */
  readonly coordinates: SafetensorsTensor;
  readonly windowSize: readonly number[];
  readonly shift: readonly number[];
  readonly groupSize: number;
  readonly axes: readonly number[];
  readonly outputs: Readonly<Record<string, SafetensorsTensor>>;
}

const [yAxis, xAxis] = [1, 2]; // of z, y, x; windows are two-dimensional

/**
 * The groups of the orders x, x_shift, y and y_shift. Ours are FlatFormer's but for two things that its code does to clouds,
 * and that this reader undoes with FlatFormer's own numbers:
 *
 * - `mapping_interleaved_batches`, shifted orders: keys of different clouds interleave, because the batch offset of 10 grids
 *   is less than they span, so that its groups mix clouds. We expect the same order of each cloud's sites, cloud by cloud.
 * - `mapping_small_second_sample`: a cloud with fewer sites than a group borrows slots from the cloud before. We expect its
 *   own sites, in FlatFormer's order, as one group.
 */
export function flatFormerPartitions(file: Safetensors): FlatFormerPartition[] {
  const { window_shape: window, group_size: groupSize } = attributesOf<{
    window_shape: [number, number, number];
    group_size: number;
  }>(file);
  const rows = piecesOfSize(integersOf(file, 'in.coords'), 4);
  const coordinates = int32Tensor(rows.flat(), [rows.length, 4]);
  const windowSize = [...window].reverse();
  const prefix = file.tensors.has('out.flat2win') ? 'out' : 'idx';
  const tokens = integersOf(file, `${prefix}.flat2win`);
  return ['x', 'x_shift', 'y', 'y_shift'].map((name) => {
    const isShifted = name.endsWith('_shift');
    const sorted = integersOf(file, `${prefix}.${name}`);
    const clouds = [...new Set(rows.map(([batch]) => batch))].map((batch) => {
      return sorted.filter((row) => rows[row][0] === batch);
    });
    return {
      ...{ coordinates, windowSize, groupSize },
      shift: windowSize.map((cells) => (isShifted ? Math.floor(cells / 2) : 0)),
      axes: name.startsWith('x') ? [yAxis, xAxis] : [xAxis, yAxis],
      outputs: expectedTables({ sets: groupsOf(clouds, tokens, groupSize) }, rows.length),
    };
  });
}

/** @param tokens which of all sorted sites every slot holds, of a cloud that has a group of its own */
function groupsOf(clouds: readonly (readonly number[])[], tokens: readonly number[], groupSize: number): number[][] {
  const sorted = clouds.flat();
  let end = 0;
  return clouds.flatMap((cloud) => {
    const start = end;
    end += Math.ceil(cloud.length / groupSize) * groupSize;
    if (cloud.length < groupSize) return [[...cloud]];
    return piecesOfSize(
      tokens.slice(start, end).map((token) => sorted[token]),
      groupSize,
    );
  });
}
