import { concat, split, tidy, type Tensor1D, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import { convolutionWith, type Epilogue, type mapConvolution } from './op.js';

/**
 * The product in groups of channels: block `g` of the output channels sees block `g` of the input channels. Filters are
 * `[offsets, inChannels / groups, outChannels]`.
 */
export function convolutionIn(groups: number, epilogue: Epilogue = { isRectified: false }): typeof mapConvolution {
  if (groups === 1) return convolutionWith(epilogue);
  return (x, filter, attrs, bias) =>
    tidy(() => {
      const blocks: Tensor2D[] = split(x, groups, 1);
      const filters: Tensor3D[] = split(filter, groups, 2);
      const biases: Tensor1D[] | undefined = bias && split(bias, groups);
      const residuals: Tensor2D[] | undefined = epilogue.residual && split(epilogue.residual, groups, 1);
      const convolve = (g: number) => convolutionWith({ ...epilogue, residual: residuals?.[g] });
      return concat(
        blocks.map((block, g) => convolve(g)(block, filters[g], attrs, biases?.[g])),
        1,
      );
    });
}
