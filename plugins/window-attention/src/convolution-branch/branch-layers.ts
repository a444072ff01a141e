import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { layerOf, type Identifier } from '@tfjs-sparse/layers';
import { LinearPart, NormPart } from '../parts/weight-layers.js';
import type { ConvolutionBranchWeights } from './op.js';

/** The parts of a convolution branch: a convolution that is handed in, a linear layer and a normalization. */
export class BranchParts {
  readonly #convolution: layers.Layer;
  readonly #linear: LinearPart;
  readonly #norm: NormPart;

  /** @param add makes a part for rows of `channels` channels */
  constructor(
    convolution: layers.Layer,
    channels: number,
    add: <Part extends layers.Layer>(part: Part, channels: number) => Part,
  ) {
    this.#convolution = add(convolution, channels);
    this.#linear = add(new LinearPart('branch_linear', channels), channels);
    this.#norm = add(new NormPart('branch_norm'), channels);
  }

  /** @param inputs of the layer, whose coords the convolution gets */
  read(inputs: Tensor | Tensor[], kwargs: object): ConvolutionBranchWeights {
    return {
      convolve: (x) => {
        const given = Array.isArray(inputs) ? [x.features, ...inputs.slice(1)] : x.features;
        return x.withFeatures(this.#convolution.call(given, kwargs) as Tensor2D);
      },
      ...this.#linear.read(),
      norm: this.#norm.read(),
    };
  }
}

/** A convolution of a block's own, of the layer or its saved form; a layer that is in use would share its weights. */
export function ownConvolution(op: string, convolution: Identifier<layers.Layer>): layers.Layer {
  const layer = layerOf(convolution);
  requireRange(!layer.built, op, 'convolution must be a layer that is not in use', `'${layer.name}'`);
  return layer;
}
