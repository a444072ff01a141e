import {
  relu,
  reshape,
  tidy,
  transpose,
  type serialization,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { addBias, product } from './affine.js';
import { lastOf, onlyInput } from './shapes.js';

type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

export interface ReluMLPArgs extends LayerArgs {
  hiddenUnits: number;
}

/** The dense MLP that `SparseMLP` is compared with: the same weights in the same shapes, all hidden units kept. */
export class ReluMLP extends layers.Layer {
  static className = 'ReluMLP';
  private readonly hiddenUnits: number;
  private variables: LayerVariable[] = [];

  constructor(args: ReluMLPArgs) {
    super(args);
    this.hiddenUnits = args.hiddenUnits;
  }

  override build(inputShape: Shape | Shape[]): void {
    const { hiddenUnits } = this;
    const width = lastOf(inputShape);
    const kernel = (name: string) =>
      this.addWeight(name, [hiddenUnits, width], 'float32', initializers.glorotUniform({}));
    const bias = (name: string, size: number) => this.addWeight(name, [size], 'float32', initializers.zeros());
    this.variables = [kernel('up'), bias('upBias', hiddenUnits), kernel('down'), bias('bias', width)];
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = onlyInput(inputs);
      const [up, upBias, down, bias] = this.variables.map((variable) => variable.read());
      const rows = reshape(x, [-1, x.shape[x.rank - 1]]) as Tensor2D;
      const hidden = relu(addBias(product(rows, transpose(up as Tensor2D)), upBias as Tensor1D));
      return reshape(addBias(product(hidden, down as Tensor2D), bias as Tensor1D), x.shape);
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return inputShape;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), hiddenUnits: this.hiddenUnits };
  }
}
