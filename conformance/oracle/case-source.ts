import type { SafetensorsTensor } from '@tfjs-sparse/core';
import type { GoldenLayer, Tolerance } from '../src/golden-file.js';
import type { Site } from './sites.js';

/** A case before the oracle has run it: what to run on which numbers. */
export interface CaseSource {
  readonly id: string;
  readonly layers: readonly GoldenLayer[];
  readonly tolerance: Tolerance;
  /** Sites in any order, or the cells of points, which may repeat. */
  readonly coordinates: readonly Site[];
  readonly rank: number;
  readonly spatialShape?: readonly number[];
  /** toDense: cells per axis. */
  readonly gridShape?: readonly number[];
  readonly batchSize?: number;
  /** Convolution onto given sites: those, in cells of the output grid. */
  readonly targets?: readonly Site[];
  /** `[rows][channels]`, with `coordinates`. */
  readonly features?: readonly (readonly number[])[];
  readonly channels: number;
  /** voxelize: batch first, then float positions. */
  readonly positions?: readonly (readonly number[])[];
  /** fromDense: `[batch, channels, ...spatial]`, row-major. */
  readonly dense?: { readonly shape: readonly number[]; readonly values: readonly number[] };
  /** Further operands: `in2`, `in3`. */
  readonly operands?: readonly {
    readonly coordinates: readonly Site[];
    readonly features: readonly (readonly number[])[];
  }[];
  /** What else the case has: `mask`, `query`. */
  readonly tensors?: Readonly<Record<string, SafetensorsTensor>>;
  readonly parameters?: Readonly<Record<string, LayerParameters>>;
  /** Seed of the cotangent; without it the case runs forwards only. */
  readonly cotangentSeed?: number;
}

export interface LayerParameters {
  /** Convolution: `[offsets][inChannels / groups][outChannels]`; depthwise: `[offsets][1][channels]`. */
  readonly weight?: readonly (readonly (readonly number[])[])[];
  /** Batch norm: `[channels]`. */
  readonly scale?: readonly number[];
  readonly bias: readonly number[] | null;
}
