import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { autoencode, autoencoderLoss, needsPreActivations, removeParallelGradient } from '@tfjs-sparse/topk';
import type { SourceTensor } from '../../oracle/tensor-source.js';
import type { TensorOperation } from '../../src/tensor-operation.js';
import { defineTensorCases } from '../define-cases.js';
import { lossFields, lossSignature, weightsOf, type LossAttrs } from './shared/autoencoder-operations.js';
import { readAutoencoder } from './shared/peer-autoencoders.js';
import { drawAutoencoder, type AutoencoderCase } from './shared/draw-autoencoder.js';
import { exactLoss } from './shared/exact-loss.js';
import { frozenDifferences } from './shared/frozen-differences.js';

const lossOf: TensorOperation<LossAttrs> = {
  ...lossSignature,
  attributes: lossFields,
  forward(inputs, { settings, loss, term = 'total', isProjected = false }) {
    const [x, y] = [inputs.x, inputs.y ?? inputs.x] as Tensor2D[];
    const given = weightsOf(inputs);
    const weights = isProjected ? { ...given, decoder: removeParallelGradient(given.decoder) } : given;
    const made = autoencode(x, weights, settings, {
      withPreActivations: needsPreActivations(loss),
      chosen: inputs.chosen as Tensor2D | undefined,
    });
    const dead = (inputs.dead as Tensor1D | undefined) ?? null;
    return { loss: autoencoderLoss(x, y, made, weights, settings, loss, dead)[term]! };
  },
  define: (inputs, attrs) => ({ loss: { shape: [], values: [exactLoss(inputs, inputs, attrs)] } }),
  gradient: (dy, inputs, attrs) =>
    frozenDifferences(dy, inputs, (changed) => ({ loss: { shape: [], values: [exactLoss(changed, inputs, attrs)] } })),
};

interface LossCase extends Omit<AutoencoderCase, 'settings'>, LossAttrs {
  readonly dead?: readonly number[];
}

/** Every third feature. */
const aThird = Array.from({ length: 18 }, (_, feature) => Number(feature % 3 === 1));

export const operation = defineTensorCases<LossCase, LossAttrs>(
  lossOf,
  ({ settings, loss, term, isProjected, dead = aThird, ...drawn }) => {
    const inputs: Record<string, SourceTensor> = drawAutoencoder({ settings, ...drawn });
    const withoutGradient = ['threshold', 'gateBias', ...(term === 'auxiliary' ? ['x', 'encoder', 'encoderBias'] : [])];
    const gradients = Object.keys(inputs).filter((name) => !withoutGradient.includes(name));
    const { x, ...weights } = inputs;
    return {
      tolerance: { output: 1e-5, gradient: 1e-4, reason: 'float32 sums over rows, width and the chosen features' },
      inputs: {
        x,
        ...(loss.auxiliary ? { dead: { shape: [dead.length], values: dead, dtype: 'bool' as const } } : {}),
        ...weights,
      },
      attrs: { settings, loss, term, isProjected },
      gradients,
      seed: drawn.seed + 10,
    };
  },
  (control) => [
    control('squares', {
      // Even: tfjs' webgl backend takes what lies behind the end of odd rows into products over the rows (the gradient of
      // its matMul after a sum with a bias).
      rows: 6,
      width: 7,
      features: 18,
      settings: { activation: 'topK', k: 4 },
      loss: { reconstruction: 'sumOfSquares' },
      seed: 5900,
    }),
    control.with('variance-unexplained', { loss: { reconstruction: 'varianceUnexplained' } }),
    control.with('normalized-per-row', { loss: { reconstruction: 'normalizedPerRow' } }),
    ...(['openai', 'sparsify', 'saeLens', 'dictionaryLearning'] as const).map((library) =>
      control.with(`auxiliary-${library.toLowerCase()}`, { loss: { auxiliary: { library, weight: 0.5 } } }),
    ),
    control.with('auxiliary-few-dead', {
      dead: aThird.map((_, feature) => Number(feature === 4)),
      loss: { auxiliary: { library: 'saeLens', weight: 0.5 } },
    }),
    control.with('auxiliary-none-dead', {
      dead: aThird.map(() => 0),
      loss: { auxiliary: { library: 'dictionaryLearning' } },
    }),
    control.with('auxiliary-k', { loss: { auxiliary: { library: 'openai', k: 5 } } }),
    control.with('auxiliary-term', { loss: { auxiliary: { library: 'sparsify' } }, term: 'auxiliary' }),
    control.with('multi-top-k', { loss: { reconstruction: 'varianceUnexplained', multiTopK: 0.125 } }),
    control.with('l1', { settings: { activation: 'relu' }, loss: { sparsity: { kind: 'l1', weight: 0.2 } } }),
    control.with('l1-over-norm', { settings: { activation: 'relu' }, loss: { sparsity: { kind: 'l1OverNorm', weight: 0.2 } } }), // prettier-ignore
    control.with('l1-times-decoder-norm', { settings: { activation: 'relu' }, loss: { sparsity: { kind: 'l1TimesDecoderNorm', weight: 0.2 } } }), // prettier-ignore
    control.with('tanh', { settings: { activation: 'relu' }, loss: { sparsity: { kind: 'tanh', weight: 0.2, scale: 3 } } }), // prettier-ignore
    control.with('l0', { settings: { activation: 'jumpRelu', bandwidth: 0.1 }, loss: { sparsity: { kind: 'l0', weight: 0.2 } } }), // prettier-ignore
    control.with('l0-target', { settings: { activation: 'jumpRelu', bandwidth: 0.1 }, loss: { sparsity: { kind: 'l0Target', weight: 0.2, target: 4 } } }), // prettier-ignore
    control.with('gated', { settings: { activation: 'gated' }, loss: { sparsity: { kind: 'l1', weight: 0.2 } } }),
    control.with('batch-top-k', { settings: { activation: 'batchTopK', k: 2.5 } }),
    control.with('matryoshka', {
      settings: { activation: 'batchTopK', k: 5 },
      loss: { nested: { sizes: [4, 9, 18] } },
    }),
    control.with('matryoshka-weighted', { loss: { nested: { sizes: [10, 18], weights: [0.25, 0.75] } } }),
    control.with('layer-norm', { settings: { activation: 'topK', k: 4, normalization: 'layerNorm' } }),
  ],
);

export const peers = readAutoencoder;
