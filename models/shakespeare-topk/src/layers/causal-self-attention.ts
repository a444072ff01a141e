import {
  mul,
  reshape,
  tidy,
  transpose,
  type serialization,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { product } from './affine.js';
import { causalAttention } from './causal-attention.js';
import { lastOf, onlyInput } from './shapes.js';

type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

export interface CausalSelfAttentionArgs extends LayerArgs {
  /** A divisor of the input's last axis. */
  heads: number;
}

const projections = ['query', 'key', 'value', 'output'] as const;

/** Multi-head self-attention in which a character sees itself and those before it: `[batch, length, width]`, no biases. */
export class CausalSelfAttention extends layers.Layer {
  static className = 'CausalSelfAttention';
  private readonly heads: number;
  private kernels: LayerVariable[] = [];

  constructor(args: CausalSelfAttentionArgs) {
    super(args);
    this.heads = args.heads;
  }

  override build(inputShape: Shape | Shape[]): void {
    const width = lastOf(inputShape);
    this.kernels = projections.map((name) =>
      this.addWeight(name, [width, width], 'float32', initializers.glorotUniform({})),
    );
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = onlyInput(inputs) as Tensor3D;
      const [batch, length, width] = x.shape;
      const headWidth = width / this.heads;
      const rows = reshape(x, [batch * length, width]) as Tensor2D;
      const [query, key, value, output] = this.kernels.map((kernel) => kernel.read() as Tensor2D);
      const headsOf = (kernel: Tensor2D): Tensor3D => {
        const parts = reshape(product(rows, kernel), [batch, length, this.heads, headWidth]);
        return reshape(transpose(parts, [0, 2, 1, 3]), [batch * this.heads, length, headWidth]);
      };
      const scaled = mul(headsOf(query), 1 / Math.sqrt(headWidth)) as Tensor3D;
      const attended = reshape(causalAttention(scaled, headsOf(key), headsOf(value)), [
        batch,
        this.heads,
        length,
        headWidth,
      ]);
      const joined = reshape(transpose(attended, [0, 2, 1, 3]), [batch * length, width]) as Tensor2D;
      return reshape(product(joined, output), x.shape);
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return inputShape;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), heads: this.heads };
  }
}
