import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

/**
 * What conformance tests: ops handed in by whoever has kernels. The types are structural, so that sites and tensors of
 * any implementation fit; a `SparseTensor` of core is a `SparseFeatures`. An op that is absent skips its cases. A case
 * file that brings a LayerDefinition declares its op there.
 */
export interface SparseOps {
  /** @param coordinates `[sites, 1 + rank]`, flat or as rows, in any order; rows of `features` belong to them */
  sparseTensor(features: Tensor2D, coordinates: Coordinates, options: SitesOptions): SparseFeatures;
  /** The same sites with other features `[sites, channels]`. */
  withFeatures(x: SparseFeatures, features: Tensor2D): SparseFeatures;
  submConv?(x: SparseFeatures, filter: Tensor3D, options: SubmConvOptions): SparseFeatures;
  sparseConv?(x: SparseFeatures, filter: Tensor3D, options: SparseConvOptions): SparseFeatures;
  sparseInverseConv?(x: SparseFeatures, filter: Tensor3D, options: SparseInverseConvOptions): SparseFeatures;
  sparseConvTranspose?(x: SparseFeatures, filter: Tensor3D, options: SparseConvTransposeOptions): SparseFeatures;
  /** @param filter `[offsets, channels]` */
  submDepthwiseConv?(x: SparseFeatures, filter: Tensor2D, options: SubmConvOptions): SparseFeatures;
  /** @param filter `[offsets, channels]` */
  sparseDepthwiseConv?(x: SparseFeatures, filter: Tensor2D, options: SparseConvOptions): SparseFeatures;
  /** @param points float32 `[points, rank]`  @param features `[points, channels]` */
  voxelize?(points: Float32Array, features: Tensor2D, options: VoxelizeOptions): Voxels;
  /** Batch statistics over all sites; `variance` is the biased one. */
  batchNorm?(x: SparseFeatures, scale: Tensor1D, offset: Tensor1D, epsilon: number): BatchNormResult;
  /** `[batches, ...spatialShape, channels]`, zero where there is no site; `origin` is the site at index 0. */
  toDense?(x: SparseFeatures, options: { spatialShape: readonly number[]; origin: readonly number[] }): Tensor;
  /** Features of `sites` taken from `dense` `[batches, ...spatial, channels]`. */
  fromDense?(dense: Tensor, sites: Sites): SparseFeatures;
  /** Features of every cell of `dense` that has a non-zero channel. */
  fromDenseNonzero?(dense: Tensor): Promise<SparseFeatures>;
}

export type Coordinates = Int32Array | readonly (readonly number[])[];

/** Active sites: sorted, unique, in units of their own grid. */
export interface Sites {
  /** int32 `[sites, 1 + rank]`, batch first. */
  readonly coordinates: Int32Array;
  readonly rank: number;
  readonly batchSize: number;
  /** Cells of the finest grid that one cell spans, per axis. */
  readonly stride: readonly number[];
  dispose(): void;
}

export interface SparseFeatures {
  /** `[sites, channels]` in the order of `map.coordinates`. */
  readonly features: Tensor2D;
  readonly map: Sites;
}

export interface SitesOptions {
  readonly rank: number;
  readonly batchSize?: number;
  readonly spatialShape?: readonly number[];
  readonly stride?: readonly number[];
}

/** Filters are `[offsets, inChannels / groups, outChannels]`. */
export interface SubmConvOptions {
  /** Absent where `offsets` list the kernel. */
  readonly kernelSize?: readonly number[];
  readonly kernelShape?: 'box' | 'cross';
  readonly offsets?: readonly (readonly number[])[];
  readonly dilation?: readonly number[];
  /** Submanifold: default centred. */
  readonly padding?: readonly number[];
  readonly bias?: Tensor1D;
  readonly groups?: number;
}

export interface SparseConvOptions extends SubmConvOptions {
  readonly strides: readonly number[];
  readonly padding: readonly number[];
  readonly outputRule: 'covering' | 'coveringFromMinimum' | 'floor';
  /** Output sites instead of those of the rule. */
  readonly target?: Sites;
}

export interface SparseConvTransposeOptions extends SubmConvOptions {
  readonly strides: readonly number[];
  readonly padding: readonly number[];
  readonly outputPadding?: readonly number[];
  /** Output sites instead of all that are reached. */
  readonly target?: Sites;
}

export interface SparseInverseConvOptions extends SparseConvOptions {
  /** The finer sites that the strided convolution started from. */
  readonly target: Sites;
}

export type Reduction = 'mean' | 'sum' | 'max' | 'first';

export interface VoxelizeOptions {
  readonly voxelSize: readonly number[];
  readonly origin: readonly number[];
  readonly reduction: Reduction;
  readonly batchIndices: Int32Array;
  readonly batchSize: number;
}

export interface Voxels {
  readonly tensor: SparseFeatures;
  /** int32 `[points]`: the site of each point. */
  readonly inverse: Int32Array;
}

export interface BatchNormResult {
  readonly features: Tensor2D;
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
}
