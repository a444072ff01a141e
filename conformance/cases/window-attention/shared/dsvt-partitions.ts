import type { Safetensors, SafetensorsTensor } from '@tfjs-sparse/core';
import { attributesOf, expectedTables, int32Tensor, integersOf, piecesOfSize } from './peer-tables.js';

/** One of the partitions of a file: options, sites and what DSVT made of them. */
interface DsvtPartition {
  /** Int32 `[sites, 4]`: batch index, x, y, z. */
  readonly coordinates: SafetensorsTensor;
  readonly windowSize: readonly number[];
  readonly shift: readonly number[];
  readonly setSize: number;
  readonly axes: readonly number[];
  /** Its own tables. */
  readonly filled: Readonly<Record<string, SafetensorsTensor>>;
  /** Of the slots that its mask leaves as keys. */
  readonly distinct: Readonly<Record<string, SafetensorsTensor>>;
}

interface DsvtAttributes {
  readonly window_shape: readonly (readonly number[])[];
  readonly hybrid_factor: readonly number[];
  readonly set_info: readonly (readonly [number, number])[];
  readonly shifts_list: readonly (readonly (readonly number[])[])[];
}

const [xAxis, yAxis, zAxis] = [0, 1, 2];
/** Of planes 0 and 1 of its tables. */
const axesOfPlanes = [
  [yAxis, xAxis, zAxis],
  [xAxis, yAxis, zAxis],
];

/** The partitions of every stage, window shift and axis. The second window of a stage is larger by the hybrid factor. */
export function dsvtPartitions(file: Safetensors): DsvtPartition[] {
  const attributes = attributesOf<DsvtAttributes>(file);
  return attributes.window_shape.flatMap((window, stage) => {
    const rows = piecesOfSize(integersOf(file, stage === 0 ? 'in.coords' : `out.stage${stage}.coords`), 4);
    const coordinates = int32Tensor(
      rows.flatMap(([batch, z, y, x]) => [batch, x, y, z]),
      [rows.length, 4],
    );
    const [setSize] = attributes.set_info[stage];
    return attributes.shifts_list[stage].flatMap((shift, number) => {
      const windowSize = window.map((cells, axis) => cells * (number === 0 ? 1 : attributes.hybrid_factor[axis]));
      const of = `out.stage${stage}.shift${number}`;
      const slots = piecesOfSize(integersOf(file, `${of}.set_inds`), setSize);
      const masked = piecesOfSize(integersOf(file, `${of}.set_mask`), setSize);
      return axesOfPlanes.map((axes, plane) => {
        const ofPlane = <T>(list: readonly T[]) => piecesOfSize(list, list.length / axesOfPlanes.length)[plane];
        const sets = ofPlane(slots);
        const isKey = ofPlane(masked).map((set) => set.map((isMasked) => !isMasked));
        const distinct = sets.map((set, s) => set.filter((_, slot) => isKey[s][slot]));
        return {
          ...{ coordinates, windowSize, shift, setSize, axes },
          filled: expectedTables({ sets, isKey }, rows.length),
          distinct: expectedTables({ sets: distinct }, rows.length),
        };
      });
    });
  });
}
