import {
  mul,
  reshape,
  tidy,
  transpose,
  type serialization,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { blockSparseAttention, slidingWindow, type AttentionMask } from '@tfjs-sparse/window-attention';
import { product } from './affine.js';
import { causalAttention } from './causal-attention.js';
import { lastOf, onlyInput } from './shapes.js';

type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

export interface CausalSelfAttentionArgs extends LayerArgs {
  /** A divisor of the input's last axis. */
  heads: number;
  /** Of how many characters each sees the last ones, itself included; default all. */
  window?: number | null;
}

const projections = ['query', 'key', 'value', 'output'] as const;

/**
 * Multi-head self-attention in which a character sees itself and those before it, or a window of them: `[batch, length,
 * width]`, no biases.
 */
export class CausalSelfAttention extends layers.Layer {
  static className = 'CausalSelfAttention';
  private readonly heads: number;
  private readonly window: number | null;
  private readonly mask: AttentionMask | null;
  private kernels: LayerVariable[] = [];

  constructor(args: CausalSelfAttentionArgs) {
    super(args);
    this.heads = args.heads;
    this.window = args.window ?? null;
    this.mask = this.window === null ? null : slidingWindow({ left: this.window - 1 });
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
      const inHeads = (kernel: Tensor2D): Tensor4D => {
        const parts: Tensor4D = reshape(product(rows, kernel), [batch, length, this.heads, headWidth]);
        return transpose(parts, [0, 2, 1, 3]);
      };
      const [q, k, v] = [query, key, value].map(inHeads);
      const attended = this.mask ? blockSparseAttention(q, k, v, this.mask) : this.attendAll(q, k, v);
      const joined = reshape(transpose(attended, [0, 2, 1, 3]), [batch * length, width]) as Tensor2D;
      return reshape(product(joined, output), x.shape);
    });
  }

  /** Of all heads one after another. */
  private attendAll(q: Tensor4D, k: Tensor4D, v: Tensor4D): Tensor4D {
    const [batch, heads, length, width] = q.shape;
    const apart = (x: Tensor4D) => reshape(x, [batch * heads, length, width]) as Tensor3D;
    const scaled = mul(apart(q), 1 / Math.sqrt(width)) as Tensor3D;
    return reshape(causalAttention(scaled, apart(k), apart(v)), q.shape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return inputShape;
  }

  override dispose(): ReturnType<layers.Layer['dispose']> {
    this.mask?.dispose();
    return super.dispose();
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), heads: this.heads, ...(this.window !== null && { window: this.window }) };
  }
}
