import * as tf from '@tensorflow/tfjs-core';
import { readSafetensors, sparseTensor, type SparseTensor } from '@tfjs-sparse/core';
import type { submConv } from '@tfjs-sparse/sparse-conv';
import { operation, submanifoldLayers } from '../cases/sparse-conv/subm-conv.js';
import { goldenBytes } from '../oracle/golden-bytes.js';
import { oracleSubmConv } from '../oracle/oracle-conv.js';
import { goldenCases, type GoldenCase } from './golden-file.js';
import type { Operations } from './operations.js';
import { runCase } from './run-case.js';

/** A submanifold convolution, as it is handed to the runner. */
function operationsOf(op: typeof submConv): Operations {
  return { makeSites: sparseTensor, layers: submanifoldLayers(op), tensorOperations: [] };
}

/** The right convolution, its result changed by `spoil`. */
function spoilt(spoil: (y: SparseTensor) => SparseTensor): Operations {
  return operationsOf((...call) => spoil(oracleSubmConv(...call)));
}

function spoiltFeatures(spoil: (features: tf.Tensor2D) => tf.Tensor2D): Operations {
  return spoilt((y) => y.withFeatures(spoil(y.features)));
}

/** The tensor with `value` at one place; gradients pass. */
function withElement(features: tf.Tensor2D, index: number, value: number): tf.Tensor2D {
  const [rows, columns] = features.shape;
  const change = new Float32Array(rows * columns);
  change[index] = value;
  return tf.add(features, tf.tensor2d(change, [rows, columns]));
}

/** The same values, with `factor` times the gradient. */
function withGradient<T extends tf.Tensor>(tensor: T, factor: number): T {
  return tf.customGrad((x) => ({ value: tf.clone(x as T), gradFunc: (dy) => tf.mul(dy, factor) }))(tensor) as T;
}

describe('runCase', () => {
  const [k3, bias] = ['subm-conv/k3', 'subm-conv/bias'].map(caseById);

  it('passes right kernels', async () => {
    for (const golden of [k3, bias]) {
      const result = await runCase(golden, operationsOf(oracleSubmConv));
      expect(result).toEqual(jasmine.objectContaining({ id: golden.id, status: 'pass', reason: null }));
      expect(result.maxError).toBeLessThan(1e-6);
    }
  });

  const wrong: [string, Operations, RegExp][] = [
    [
      'one wrong value',
      spoiltFeatures((y) => withElement(y, 5, 1e-3)),
      /^out_features: off by .* at site \[0,.*\] channel 2/,
    ],
    ['one NaN', spoiltFeatures((y) => withElement(y, 5, NaN)), /^out_features: wrong at site .* got NaN/],
    ['a value that is not finite', spoiltFeatures((y) => withElement(y, 5, Infinity)), /got Infinity/],
    ['wrong channels', spoiltFeatures((y) => tf.concat([y, y], 1)), /must have shape \[24,3\], got \[24,6\]/],
    [
      'one row too few',
      spoiltFeatures((y) => tf.slice(y, 0, [23, 3])),
      /must have shape \[24, channels\] \(one row per site\), got \[23, 3\]/,
    ],
    ['a wrong gradient', spoiltFeatures((y) => withGradient(y, 1.001)), /^grad_features: off by/],
    ['a leak', spoiltFeatures((y) => (tf.keep(tf.zeros([1])), y)), /2 tensors more than before the case/],
    [
      'an op that throws',
      spoiltFeatures(() => {
        throw new RangeError('submConv: no');
      }),
      /RangeError: submConv: no/,
    ],
    [
      'other sites',
      spoilt(({ features, map }) => {
        return sparseTensor(
          features,
          map.coordinates.map((c) => c + 1),
          { rank: map.rank },
        );
      }),
      /24 missing sites/,
    ],
    ['unsteady bits', spoiltFeatures((y) => withElement(y, 5, unsteady())), /a second run must give the same bits/],
  ];
  for (const [what, ops, reason] of wrong) {
    it(`catches ${what}`, async () => {
      const result = await runCase(k3, ops);
      expect(result.status).toBe('fail');
      expect(result.reason).toMatch(reason);
    });
  }

  it('catches a wrong bias gradient', async () => {
    const ops = operationsOf((x, filter, options) =>
      oracleSubmConv(x, filter, { ...options, bias: options.bias && withGradient(options.bias, 0) }),
    );
    const result = await runCase(bias, ops);
    expect(result.reason).toMatch(/^grad_bias.conv: off by/);
  });

  it('skips a case whose op was not handed in, and says which', async () => {
    const result = await runCase(k3, { makeSites: sparseTensor, layers: [], tensorOperations: [] });
    expect(result.status).toBe('skip');
    expect(result.reason).toBe("needs conv (layer 'conv'), which was not handed in");
  });

  const unknown: [string, (golden: GoldenCase) => GoldenCase, string][] = [
    [
      'a field that its op does not know',
      (golden) => changedLayer(golden, { normalise: true }),
      "RangeError: golden: fields of layer 'conv' (conv) must be among [name, op, in, ours, params, in_tensor_stride, " +
        'out_tensor_stride, out_shape, kernel_size, kernel_shape, taps, stride, padding, dilation, m, output_set, ' +
        "groups, weight_layout], got 'normalise'",
    ],
    [
      'a value that its op does not know',
      (golden) => changedLayer(golden, { kernel_shape: 'ball' }),
      `RangeError: golden: 'kernel_shape' of layer 'conv' (conv) must be "cross", got "ball"`,
    ],
    [
      'an operand that its op does not take',
      (golden) => changedLayer(golden, { in: ['in', 'in2'] }),
      "RangeError: golden: inputs of layer 'conv' (conv) must be 1, got [in, in2]",
    ],
    [
      'a stride where sites stay',
      (golden) => changedLayer(golden, { stride: [1, 2, 1] }),
      "RangeError: golden: 'stride' of layer 'conv' (conv)[1] must be 1, got 2",
    ],
    [
      'a multiplier that is not the stride',
      (golden) => changedLayer(golden, { stride: [1, 1, 1], m: [2, 1, 1] }),
      "RangeError: golden: 'm' of layer 'conv' must be [1,1,1], got [2,1,1]",
    ],
    [
      'the cells of another grid',
      (golden) => changedLayer(golden, { out_shape: [9, 9, 9] }),
      "RangeError: golden: the grid of layer 'conv' must have [9,9,9] cells (out_shape), got [null]",
    ],
    [
      'a tensor that no op knows',
      (golden) => ({ ...golden, tensors: new Map(golden.tensors).set('mask', golden.tensors.get('in_coords')!) }),
      "RangeError: golden: tensors of subm-conv/k3 must be known to its ops, got 'mask'",
    ],
    [
      'features that are not float32',
      (golden) => ({
        ...golden,
        tensors: new Map(golden.tensors).set('in_features', golden.tensors.get('in_coords')!),
      }),
      "TypeError: golden: 'in_features' must be float32 (F32), got I32",
    ],
  ];
  for (const [what, change, reason] of unknown) {
    it(`fails a golden with ${what}, and names it`, async () => {
      const result = await runCase(change(k3), operationsOf(oracleSubmConv));
      expect(result).toEqual(jasmine.objectContaining({ status: 'fail', reason }));
    });
  }

  it('fails a golden without anything to compare', async () => {
    const tensors = new Map([...k3.tensors].filter(([name]) => !name.startsWith('out_') && !name.startsWith('grad_')));
    const result = await runCase({ ...k3, tensors }, operationsOf(oracleSubmConv));
    expect(result.reason).toMatch(/nothing was compared/);
  });
});

function changedLayer(golden: GoldenCase, change: object): GoldenCase {
  return { ...golden, layers: golden.layers.map((layer) => ({ ...layer, ...change })) };
}

let calls = 0;
function unsteady(): number {
  return calls++ * 1e-7;
}

function caseById(id: string): GoldenCase {
  const definition = operation.cases.filter((candidate) => candidate.id === id);
  return goldenCases(readSafetensors(goldenBytes(definition, operation.layers)), id)[0];
}
