import type { Safetensors, SafetensorsTensor } from '@tfjs-sparse/core';
import type { Attributes } from './tensor-operation.js';

/** One layer of a case, as the file's metadata says it. Fields follow the format of the engine goldens. */
export interface GoldenLayer {
  readonly name: string;
  readonly op: string;
  /** Names of earlier layers; `in` is the input of the case. */
  readonly in: readonly string[];
  readonly kernel_size?: readonly number[];
  readonly kernel_shape?: 'cross';
  /** Taps of a kernel that is no box, in the order of its slices. */
  readonly taps?: readonly (readonly number[])[];
  readonly stride?: readonly number[];
  readonly padding?: readonly number[];
  readonly output_padding?: readonly number[];
  readonly dilation?: readonly number[];
  readonly groups?: number;
  readonly weight_layout?: string;
  readonly params?: boolean;
  /** Cells of the input grid per cell of the output grid, for engines that keep no tensor stride. */
  readonly m?: readonly number[];
  readonly in_tensor_stride?: readonly number[];
  readonly out_tensor_stride?: readonly number[];
  /** same, floor, covering, window, ts_window, generate, given, cached:<layer> */
  readonly output_set?: string;
  /** interp: divide by the weights of the cells that exist. */
  readonly normalize?: boolean;
  /** reduce_rows: mean, sum, max, first. from_dense: given, nonzero. gbcast: add, mul, cat. */
  readonly mode?: string;
  /** bn */
  readonly eps?: number;
  readonly momentum?: number;
  readonly slope?: number;
  /** dense: the site at index 0. */
  readonly min?: readonly number[];
  /** reduce_rows of float positions */
  readonly voxel_size?: readonly number[];
  readonly origin?: readonly number[];
  /** An op on dense tensors; `in` then names the case's tensors. */
  readonly attrs?: Attributes;
}

export interface Tolerance {
  /** Largest error of any output, relative to max(1, max|golden|) of its tensor. */
  readonly output: number;
  /** The same for gradients. */
  readonly gradient: number;
  readonly reason: string;
}

/** A case read from a file: what to run and what must come out. */
export interface GoldenCase {
  readonly id: string;
  readonly layers: readonly GoldenLayer[];
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  readonly spatialShape: readonly number[] | null;
  readonly batchSize: number | null;
  readonly tolerance: Tolerance;
}

/** What a file of many cases says about each of them, in `__metadata__.cases`. */
export interface GoldenCaseEntry {
  readonly id: string;
  readonly layers: readonly GoldenLayer[];
  readonly spatialShape?: readonly number[];
  readonly batchSize?: number;
  readonly tolerance: Tolerance;
}

const engineTolerance: Tolerance = {
  output: 1e-5, // the engines differ from float64 by at most 1.8e-6 on this scale
  gradient: 1e-4, // sums over all sites in float32, in another order than the engine's
  reason: 'float32 sums in another order than the engine, which itself is within 1.8e-6 of float64',
};

/**
 * The cases of one file: either one case (`__metadata__.layers`) named `id`, or many (`__metadata__.cases`), whose
 * tensors are prefixed `<id>/`. A file of another kind gives a case without layers, which is skipped.
 */
export function goldenCases(file: Safetensors, id: string): GoldenCase[] {
  const cases = file.metadata.get('cases');
  if (cases !== undefined) return (JSON.parse(cases) as GoldenCaseEntry[]).map((entry) => caseOfMany(file, entry));
  const layers = file.metadata.get('layers');
  return [
    {
      id,
      layers: layers === undefined ? [] : (JSON.parse(layers) as GoldenLayer[]),
      tensors: file.tensors,
      spatialShape: sizes(file.metadata.get('spatial_shape') ?? file.metadata.get('spatial_size')),
      batchSize: null,
      tolerance: engineTolerance,
    },
  ];
}

function caseOfMany(
  file: Safetensors,
  { id, layers, spatialShape, batchSize, tolerance }: GoldenCaseEntry,
): GoldenCase {
  const prefix = `${id}/`;
  const tensors = new Map<string, SafetensorsTensor>();
  for (const [name, tensor] of file.tensors) {
    if (name.startsWith(prefix)) tensors.set(name.slice(prefix.length), tensor);
  }
  return { id, layers, tensors, spatialShape: spatialShape ?? null, batchSize: batchSize ?? null, tolerance };
}

function sizes(text: string | undefined): readonly number[] | null {
  return text?.startsWith('[') ? (JSON.parse(text) as number[]) : null;
}
