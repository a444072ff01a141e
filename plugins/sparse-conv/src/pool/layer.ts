import { tidy, type serialization, type Tensor } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { KernelGeometry } from '@tfjs-sparse/core';
import { channelsOf, hasCoordinates, type LayerArgs, onNewSites, sparseInput, SparseLayer } from '@tfjs-sparse/layers';
import { kernelOptions } from '../convolution-arguments.js';
import type { StridedOutputRule } from '../sparse-conv/op.js';
import { averageMode, poolGeometry, poolOn, type PoolDivisor, type PoolMode } from './op.js';

export interface SparsePoolArgs extends LayerArgs {
  /** Default 2, without `offsets`. */
  poolSize?: number | number[] | null;
  /** `cross`: only the offsets on an axis through the centre; default `box`. */
  kernelShape?: 'box' | 'cross';
  /** Any different offsets, rows of one integer per axis, instead of a box; default none. */
  offsets?: number[][] | null;
  /** Default `poolSize`. */
  strides?: number | number[];
  /** Default 0. */
  padding?: number | number[];
  /** Default 1. */
  dilationRate?: number | number[];
  /** Which sites the output has, see `sparseConv`; default `covering`. */
  outputRule?: StridedOutputRule;
}

export interface SparseAveragePoolArgs extends SparsePoolArgs {
  /** What a window divides by, see `sparseAveragePool`; default `sites`. */
  divisor?: PoolDivisor;
}

/** What the poolings and their inverse share: the geometry and its config. */
export abstract class PoolGeometryLayer extends SparseLayer {
  protected readonly geometry: KernelGeometry;
  private readonly kernelShape: 'box' | 'cross';
  private readonly offsets: number[][] | null;

  constructor(
    protected readonly rank: number,
    args: SparsePoolArgs,
  ) {
    super(args);
    this.kernelShape = args.kernelShape ?? 'box';
    this.offsets = args.offsets ?? null;
    const { strides, padding, outputRule } = args;
    const { kernelSize, ...kernel } = kernelOptions({ ...args, kernelSize: args.poolSize });
    const poolSize = kernelSize ?? (this.offsets ? undefined : 2);
    this.geometry = poolGeometry(this.name, { ...kernel, poolSize, strides, padding, outputRule }, rank);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    const features: Shape = [null, channelsOf(this.name, inputShape)];
    return hasCoordinates(inputShape) ? [features, [null, 1 + this.rank]] : features;
  }

  override getConfig(): serialization.ConfigDict {
    const { kernelSize, strides, padding, dilation, outputRule } = this.geometry;
    return {
      ...super.getConfig(),
      poolSize: this.offsets ? null : [...kernelSize],
      kernelShape: this.kernelShape,
      offsets: this.offsets,
      strides: [...strides],
      padding: [...padding],
      dilationRate: [...dilation],
      outputRule,
    };
  }
}

/**
 * Pools the sites of each window. Input: `[features [sites, channels], coords [sites, 1 + rank]]`, output:
 * `[features [output sites, channels], coords [output sites, 1 + rank]]`; in a Sequential model features alone.
 */
abstract class SparsePool extends PoolGeometryLayer {
  protected abstract readonly mode: PoolMode;

  override call(inputs: Tensor | Tensor[]): Tensor | Tensor[] {
    return tidy(() => onNewSites(this.name, poolOn(sparseInput(this.name, inputs), this.mode, this.geometry), inputs));
  }
}

abstract class SparseMaxPool extends SparsePool {
  protected readonly mode = 'max';
}

abstract class SparseSumPool extends SparsePool {
  protected readonly mode = 'sum';
}

abstract class SparseAveragePool extends SparsePool {
  protected readonly mode: PoolDivisor;

  constructor(rank: number, args: SparseAveragePoolArgs) {
    super(rank, args);
    this.mode = averageMode(this.name, args.divisor);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), divisor: this.mode };
  }
}

export class SparseMaxPool1D extends SparseMaxPool {
  static className = 'SparseMaxPool1D';
  constructor(args: SparsePoolArgs = {}) {
    super(1, args);
  }
}

export class SparseMaxPool2D extends SparseMaxPool {
  static className = 'SparseMaxPool2D';
  constructor(args: SparsePoolArgs = {}) {
    super(2, args);
  }
}

export class SparseMaxPool3D extends SparseMaxPool {
  static className = 'SparseMaxPool3D';
  constructor(args: SparsePoolArgs = {}) {
    super(3, args);
  }
}

export class SparseMaxPool4D extends SparseMaxPool {
  static className = 'SparseMaxPool4D';
  constructor(args: SparsePoolArgs = {}) {
    super(4, args);
  }
}

export class SparseSumPool1D extends SparseSumPool {
  static className = 'SparseSumPool1D';
  constructor(args: SparsePoolArgs = {}) {
    super(1, args);
  }
}

export class SparseSumPool2D extends SparseSumPool {
  static className = 'SparseSumPool2D';
  constructor(args: SparsePoolArgs = {}) {
    super(2, args);
  }
}

export class SparseSumPool3D extends SparseSumPool {
  static className = 'SparseSumPool3D';
  constructor(args: SparsePoolArgs = {}) {
    super(3, args);
  }
}

export class SparseSumPool4D extends SparseSumPool {
  static className = 'SparseSumPool4D';
  constructor(args: SparsePoolArgs = {}) {
    super(4, args);
  }
}

export class SparseAveragePool1D extends SparseAveragePool {
  static className = 'SparseAveragePool1D';
  constructor(args: SparseAveragePoolArgs = {}) {
    super(1, args);
  }
}

export class SparseAveragePool2D extends SparseAveragePool {
  static className = 'SparseAveragePool2D';
  constructor(args: SparseAveragePoolArgs = {}) {
    super(2, args);
  }
}

export class SparseAveragePool3D extends SparseAveragePool {
  static className = 'SparseAveragePool3D';
  constructor(args: SparseAveragePoolArgs = {}) {
    super(3, args);
  }
}

export class SparseAveragePool4D extends SparseAveragePool {
  static className = 'SparseAveragePool4D';
  constructor(args: SparseAveragePoolArgs = {}) {
    super(4, args);
  }
}
