import type { layers } from '@tensorflow/tfjs-layers';
import type { TorchModule, TorchParameter } from './torch-module.js';
import { biasOf, permuted, type TorchRule } from './torch-rule.js';

/** Rules for the layers of tfjs, and for batch normalization over sites. */
export const tfjsLayerRules: readonly TorchRule[] = [
  {
    layers: ['Dense'],
    async weights(module, layer) {
      const weight = await weightOfRank(module, 2, 'Linear');
      if (typeof weight === 'string') return weight;
      return [permuted(weight, [1, 0]), ...(await biasOf(module, layer, weight.shape[0]))];
    },
  },
  convolutionRule('Conv1D', 1),
  convolutionRule('Conv2D', 2),
  convolutionRule('Conv3D', 3),
  transposedRule('Conv2DTranspose', 2),
  transposedRule('Conv3DTranspose', 3),
  {
    layers: ['DepthwiseConv2D'],
    async weights(module, layer) {
      const weight = await weightOfRank(module, 4, 'Conv2d');
      if (typeof weight === 'string') return weight;
      const [outChannels, inputs, height, width] = weight.shape;
      if (inputs !== 1) return `its weight has ${inputs} inputs a group, not 1`;
      const { depthMultiplier = 1 } = layer.getConfig() as { depthMultiplier?: number };
      const filter = permuted(weight, [2, 3, 0, 1]); // output channel c is of input channel floor(c / multiplier), as here
      const shape = [height, width, outChannels / depthMultiplier, depthMultiplier];
      return [{ shape, values: filter.values }, ...(await biasOf(module, layer, outChannels))];
    },
  },
  {
    layers: ['BatchNormalization', 'SparseBatchNormalization'],
    async weights(module, layer) {
      if (!module.has('running_mean')) return 'it has no running_mean';
      const [mean, variance] = await Promise.all(['running_mean', 'running_var'].map((name) => module.read(name)));
      return [...(await scaleAndOffset(module, layer, mean.shape)), mean, variance];
    },
  },
  {
    layers: ['LayerNormalization'],
    async weights(module, layer) {
      if (module.has('running_mean')) return 'it has a running_mean';
      if (module.has('weight') && module.shape('weight').length > 1) return 'its weight has more than one axis';
      const size = module.has('weight') ? module.shape('weight') : [];
      return scaleAndOffset(module, layer, size);
    },
  },
  {
    layers: ['Embedding'],
    async weights(module) {
      const weight = await weightOfRank(module, 2, 'Embedding');
      return typeof weight === 'string' ? weight : [weight];
    },
  },
  {
    layers: ['PReLU'],
    async weights(module, layer) {
      const weight = await weightOfRank(module, 1, 'PReLU');
      if (typeof weight === 'string') return weight;
      const [alpha] = layer.getWeights();
      const { values } = weight;
      if (values.length === 1) return [{ shape: alpha.shape, values: new Float32Array(alpha.size).fill(values[0]) }];
      return [{ shape: alpha.shape, values: Float32Array.from({ length: alpha.size }, (_, i) => values[i % values.length]) }]; // prettier-ignore
    },
  },
];

/** torch's filters are `[out, in / groups, ...kernel]`, tfjs' `[...kernel, in, out]`. */
function convolutionRule(name: string, rank: number): TorchRule {
  return {
    layers: [name],
    async weights(module, layer) {
      const weight = await weightOfRank(module, rank + 2, `Conv${rank}d`);
      if (typeof weight === 'string') return weight;
      const kernel = Array.from({ length: rank }, (_, axis) => 2 + axis);
      return [permuted(weight, [...kernel, 1, 0]), ...(await biasOf(module, layer, weight.shape[0]))];
    },
  };
}

/** torch's filters are `[in, out / groups, ...kernel]`, tfjs' `[...kernel, out, in]`. */
function transposedRule(name: string, rank: number): TorchRule {
  return {
    layers: [name],
    async weights(module, layer) {
      const weight = await weightOfRank(module, rank + 2, `ConvTranspose${rank}d`);
      if (typeof weight === 'string') return weight;
      const kernel = Array.from({ length: rank }, (_, axis) => 2 + axis);
      return [permuted(weight, [...kernel, 1, 0]), ...(await biasOf(module, layer, weight.shape[1]))];
    },
  };
}

async function weightOfRank(module: TorchModule, rank: number, torchName: string): Promise<TorchParameter | string> {
  if (!module.has('weight')) return 'it has no weight';
  const { length } = module.shape('weight');
  if (length !== rank) return `its weight has ${length} axes, that of ${torchName} ${rank}`;
  return module.read('weight');
}

/** What the layer has of scale and offset; ones and zeros where the module has none. */
async function scaleAndOffset(
  module: TorchModule,
  layer: layers.Layer,
  shape: readonly number[],
): Promise<TorchParameter[]> {
  const { scale = true, center = true } = layer.getConfig() as { scale?: boolean; center?: boolean };
  const size = shape.reduce((product, length) => product * length, 1);
  const read = (name: string, value: number) =>
    module.has(name) ? module.read(name) : Promise.resolve({ shape, values: new Float32Array(size).fill(value) });
  return [...(scale ? [await read('weight', 1)] : []), ...(center ? [await read('bias', 0)] : [])];
}
