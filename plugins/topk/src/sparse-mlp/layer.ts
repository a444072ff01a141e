import { serialization, tidy, transpose, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import type { LayerVariable, Shape } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { featureShape, FusedLayer, type FusedArgs, type Initializer } from '@tfjs-sparse/layers';
import { sparseMLP } from './op.js';

/** Initializers, regularizers and constraints of kernels are for both matrices, those of biases for both biases. */
export interface SparseMLPArgs extends Omit<FusedArgs, 'activation'> {
  /** Units of which k are kept. */
  hiddenUnits: number;
  /** Outputs; default as many as the last axis of the input has. */
  units?: number;
  /** Hidden units that each row keeps, 1 to hiddenUnits. */
  k: number;
}

/**
 * A transformer's MLP with top-k activations (`sparseMLP`) on the last axis, in place of a tf.layers.dense with ReLU and
 * one without. Its weights are `up` `[hiddenUnits, width]`, which is the transposed kernel of the first of those, `upBias`,
 * `down` `[hiddenUnits, units]` and `bias`.
 */
export class SparseMLP extends FusedLayer {
  static className = 'SparseMLP';
  private readonly sizes: { readonly hiddenUnits: number; readonly k: number };
  private readonly units: number | undefined;
  private up: LayerVariable | undefined;
  private upBias: LayerVariable | undefined;
  private down: LayerVariable | undefined;

  constructor(args: SparseMLPArgs) {
    super(args);
    this.supportsMasking = true; // as tf.layers.dense
    const { hiddenUnits, units, k } = args;
    requireCount('hiddenUnits', hiddenUnits);
    requireCount('k', k);
    requireRange(k <= hiddenUnits, 'sparseMLP', `k must be at most ${hiddenUnits} (hiddenUnits)`, k);
    if (units != null) requireCount('units', units);
    this.sizes = { hiddenUnits, k };
    this.units = units ?? undefined;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = featureShape(inputShape);
    const width = shape[shape.length - 1];
    requireRange(typeof width === 'number', this.name, 'the last axis of the input must be known', width);
    const { hiddenUnits } = this.sizes;
    const units = this.units ?? width!;
    this.up = this.addKernel('up', [hiddenUnits, width!], new Transposed(this.kernelInitializer));
    this.upBias = this.addBias('upBias', hiddenUnits);
    this.down = this.addKernel('down', [hiddenUnits, units]);
    this.buildBias(units);
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const [x] = [inputs].flat();
      const up = this.up!.read() as Tensor2D;
      const upBias = this.upBias?.read() as Tensor1D | undefined;
      const down = this.down!.read() as Tensor2D;
      return sparseMLP(x, { up, upBias, down, downBias: this.epilogue.bias }, this.sizes);
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const shape = featureShape(inputShape);
    return [...shape.slice(0, -1), this.units ?? shape[shape.length - 1]];
  }

  override getConfig(): serialization.ConfigDict {
    const config = super.getConfig();
    delete config.activation; // there is none to choose
    return { ...config, ...this.sizes, ...(this.units !== undefined && { units: this.units }) };
  }
}

/** Draws a kernel as tf.layers.dense has it, so that fans are counted as there. */
class Transposed extends serialization.Serializable {
  static className = 'Transposed';

  constructor(private readonly initializer: Initializer) {
    super();
  }

  apply(shape: Shape, dtype?: Parameters<Initializer['apply']>[1]): Tensor {
    return tidy(() => transpose(this.initializer.apply([...shape].reverse(), dtype)));
  }

  getConfig(): serialization.ConfigDict {
    return {};
  }

  fromConfigUsesCustomObjects(): boolean {
    return false;
  }
}

function requireCount(role: string, count: number): void {
  requireRange(
    Number.isInteger(count) && count >= 1,
    'sparseMLP',
    `${role} must be a whole number of at least 1`,
    count,
  );
}
