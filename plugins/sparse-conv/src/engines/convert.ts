import type { RuleSet } from '@tfjs-sparse/converter';
import { biasOf, permuted, type TorchModule, type TorchParameter } from '@tfjs-sparse/converter/checkpoints';
import { filterOfEngine, type ConvolutionEngine } from './filter-of-engine.js';

export interface SparseConvRuleOptions {
  /** The engine that trained the weights. */
  readonly engine: ConvolutionEngine;
}

const ranks = [1, 2, 3, 4];
const convolutions = [
  'SubmConv',
  'SparseConv',
  'SparseInverseConv',
  'SparseConvTranspose',
  'SubmDepthwiseConv',
  'SparseDepthwiseConv',
];

/**
 * Rules by which `loadTorchWeights` of `@tfjs-sparse/converter/checkpoints` gives this plugin's convolution layers the weights of
 * modules of another engine (`filterOfEngine`); a convolution of size 1 takes a Linear too. Batch normalizations and linear layers are the converter's own.
 */
export function sparseConvRules({ engine }: SparseConvRuleOptions): RuleSet {
  return {
    rules: [],
    passes: [],
    torch: [
      {
        layers: convolutions.flatMap((name) => ranks.map((rank) => `${name}${rank}D`)),
        async weights(module, layer) {
          const name = nameOfWeight(module);
          if (name === null) return 'it has neither a weight nor a kernel';
          const { kernelSize } = layer.getConfig() as { kernelSize: number[] };
          const weight = await module.read(name);
          try {
            const filter = isLinear(engine, name, weight)
              ? linearFilter(weight)
              : filterOfEngine(engine, weight, kernelSize);
            return [filter, ...(await biasOf(module, layer, filter.shape[filter.shape.length - 1]))];
          } catch (error) {
            if (error instanceof RangeError) return error.message;
            throw error;
          }
        },
      },
    ],
  };
}

/** torchsparse and MinkowskiEngine say kernel, the others weight. */
function nameOfWeight(module: TorchModule): string | null {
  return ['weight', 'kernel'].find((name) => module.has(name)) ?? null;
}

/** A Linear in place of a convolution of size 1: of the engines, SparseConvNet alone has convolutions with such a weight. */
function isLinear(engine: ConvolutionEngine, name: string, { shape }: TorchParameter): boolean {
  return name === 'weight' && shape.length === 2 && engine !== 'sparseConvNet';
}

function linearFilter(weight: TorchParameter): TorchParameter {
  const { shape, values } = permuted(weight, [1, 0]);
  return { shape: [1, ...shape], values };
}
