import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { submBlock, type BlockOptions, type SymbolicSparseTensor } from './convolution.js';

export interface ResidualBlockOptions extends BlockOptions {
  /** Whether convolutions have a bias in front of normalizations too, as OpenPCDet's; default false. */
  readonly useBias?: boolean;
}

/**
 * Two submanifold convolutions of size 3 and a shortcut, which is a 1 x 1 convolution where the channels change
 * (He et al. 2015, section 3; MinkowskiEngine BasicBlock, torchsparse SparseResBlock).
 */
export function residualBlock(x: SymbolicSparseTensor, options: ResidualBlockOptions): SymbolicSparseTensor {
  const { name, filters, hasNorm, norm, useBias, seed = undefined } = options;
  const part = (index: number) => {
    return { filters, hasNorm, norm, useBias, seed: seed === undefined ? undefined : seed + index };
  };
  const first = submBlock(x, { name: `${name}/conv1`, ...part(0) });
  const second = submBlock(first, { name: `${name}/conv2`, activation: null, ...part(1) });
  const shortcut =
    x.features.shape[1] === filters
      ? x
      : submBlock(x, { name: `${name}/shortcut`, kernelSize: 1, activation: null, ...part(2) });
  const sum = layers.add({ name: `${name}/add` }).apply([second.features, shortcut.features]) as SymbolicTensor;
  const features = layers.reLU({ name: `${name}/relu` }).apply(sum) as SymbolicTensor;
  return { ...x, features };
}
