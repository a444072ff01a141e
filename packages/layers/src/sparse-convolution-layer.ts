import type { serialization, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { requireRange, type Epilogue, type SparseTensor } from '@tfjs-sparse/core';
import { SparseKernelLayer, type SparseKernelArgs } from './sparse-kernel-layer.js';

export interface SparseConvolutionArgs extends SparseKernelArgs {
  /** Output channels. */
  filters: number;
  /** Blocks of channels that are convolved apart; default 1. */
  groups?: number;
}

/** What every sparse convolution layer that mixes channels shares. Subclasses say which convolution it is. */
export abstract class SparseConvolutionLayer extends SparseKernelLayer {
  protected readonly filters: number;
  protected readonly groups: number;

  constructor(rank: number, args: SparseConvolutionArgs) {
    super(rank, args);
    this.filters = args.filters;
    this.groups = args.groups ?? 1;
    this.requireCount('filters', this.filters);
    this.requireCount('groups', this.groups);
    const rule = `groups must divide the filters (${this.filters})`;
    requireRange(this.filters % this.groups === 0, this.name, rule, this.groups);
  }

  protected abstract override convolve(
    x: SparseTensor,
    filter: Tensor3D,
    epilogue: Epilogue<Tensor2D>,
    inputs: Tensor | Tensor[],
  ): SparseTensor;

  protected weightShape(offsets: number, inChannels: number): Shape {
    const rule = `groups must divide the channels of the features (${inChannels})`;
    requireRange(inChannels % this.groups === 0, this.name, rule, this.groups);
    return [offsets, inChannels / this.groups, this.filters];
  }

  protected outChannels(): number {
    return this.filters;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), filters: this.filters, groups: this.groups };
  }

  private requireCount(name: string, value: number): void {
    requireRange(Number.isInteger(value) && value > 0, this.name, `${name} must be an integer >= 1`, value);
  }
}
