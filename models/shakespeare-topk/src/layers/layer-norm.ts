import {
  add,
  customGrad,
  mean,
  mul,
  reshape,
  rsqrt,
  square,
  sub,
  tidy,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { columnSums } from '@tfjs-sparse/core';
import { lastOf, onlyInput } from './shapes.js';

const epsilon = 1e-5;

/** Layer normalization of the last axis, with gain and offset; tfjs' own layer has a gradient of many passes. */
export class LayerNorm extends layers.Layer {
  static className = 'LayerNorm';
  private gain: LayerVariable | undefined;
  private offset: LayerVariable | undefined;

  override build(inputShape: Shape | Shape[]): void {
    const width = lastOf(inputShape);
    this.gain = this.addWeight('gain', [width], 'float32', initializers.ones());
    this.offset = this.addWeight('offset', [width], 'float32', initializers.zeros());
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = onlyInput(inputs);
      const rows = reshape(x, [-1, x.shape[x.rank - 1]]) as Tensor2D;
      return reshape(normalized(rows, this.gain!.read() as Tensor1D, this.offset!.read() as Tensor1D), x.shape);
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return inputShape;
  }
}

/** x `[rows, width]`, gain and offset `[width]` */
const normalized = customGrad((...args) => {
  const [x, gain, offset] = args as Tensor[];
  const save = args[3] as object as (tensors: Tensor[]) => void;
  save([x, gain]);
  return { value: add(mul(standardized(x).standard, gain), offset), gradFunc: gradientsOf };
}) as (x: Tensor2D, gain: Tensor1D, offset: Tensor1D) => Tensor2D;

function standardized(x: Tensor): { readonly standard: Tensor; readonly scale: Tensor } {
  const centred = sub(x, mean(x, 1, true));
  const scale = rsqrt(add(mean(square(centred), 1, true), epsilon));
  return { standard: mul(centred, scale), scale };
}

function gradientsOf(dy: Tensor, [x, gain]: Tensor[]): Tensor[] {
  const { standard, scale } = standardized(x);
  const slope = mul(dy, gain);
  const along = mul(standard, mean(mul(slope, standard), 1, true));
  const ofX = mul(scale, sub(sub(slope, mean(slope, 1, true)), along));
  return [ofX, columnSums(mul(dy, standard) as Tensor2D), columnSums(dy as Tensor2D)];
}
