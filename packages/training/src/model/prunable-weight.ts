import { keep, mul, tensor, tidy, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import type { layers, LayerVariable } from '@tensorflow/tfjs-layers';
import { keptWeights, type Mask } from '../masks/keep-largest.js';
import { kernelLayout, type KernelLayout } from '../masks/kernel-layout.js';

const transposedLayers = ['Conv2DTranspose', 'Conv3DTranspose'];

/** One layer's kernel and, once it has been pruned, its mask. */
export class PrunableWeight {
  readonly layout: KernelLayout;
  /** Gradient of all weights at the last step, where the method reads it. */
  gradient?: Tensor;
  #mask?: Mask;
  #maskTensor?: Tensor;
  #isApplied = true;

  constructor(
    readonly layer: layers.Layer,
    readonly variable: LayerVariable,
    /** The layer's name; of several kernels of a layer each one's own. */
    readonly name = layer.name,
  ) {
    this.layout = kernelLayout(this.shape, transposedLayers.includes(layer.getClassName()));
  }

  get shape(): number[] {
    return this.variable.shape as number[];
  }

  get size(): number {
    return this.shape.reduce((product, length) => product * length, 1);
  }

  /** 1 for kept weights; undefined while the layer is dense. */
  get mask(): Mask | undefined {
    return this.#mask;
  }

  /** The mask as float32 of the kernel's shape. */
  get maskTensor(): Tensor | undefined {
    return this.#maskTensor;
  }

  get prunedCount(): number {
    return this.#mask ? this.size - keptWeights(this.#mask) : 0;
  }

  async values(): Promise<Float32Array> {
    return (await this.variable.read().data()).slice() as Float32Array;
  }

  setValues(values: Float32Array): void {
    tidy(() => this.assign(tensor(values, this.shape)));
  }

  /** Pruned weights are 0 by the next `applyMask`. */
  setMask(mask: Mask): void {
    this.#isApplied = false;
    this.#maskTensor?.dispose();
    this.#mask = mask;
    this.#maskTensor = keep(tensor(Float32Array.from(mask), this.shape));
  }

  /** Whether pruned weights have been set to 0 since the mask is new. */
  get isApplied(): boolean {
    return this.#isApplied;
  }

  /** Sets pruned weights to 0. */
  applyMask(): void {
    const mask = this.#maskTensor;
    this.#isApplied = true;
    if (mask) tidy(() => this.assign(mul(this.variable.read(), mask)));
  }

  keepGradient(gradient: Tensor | undefined): void {
    this.gradient?.dispose();
    this.gradient = gradient && keep(gradient.clone());
  }

  dispose(): void {
    this.keepGradient(undefined);
    this.#maskTensor?.dispose();
    this.#maskTensor = undefined;
  }

  /** Past the layer's constraint, which may not bring back pruned weights. */
  private assign(value: Tensor): void {
    (this.variable.read() as Variable).assign(value);
  }
}
