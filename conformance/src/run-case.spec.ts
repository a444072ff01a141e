import * as tf from '@tensorflow/tfjs-core';
import { readSafetensors } from '@tfjs-sparse/core';
import { submConv } from '../cases/subm-conv.js';
import { goldenBytes } from '../oracle/golden-bytes.js';
import { oracleOps } from '../oracle/oracle-ops.js';
import { goldenCases, type GoldenCase } from './golden-file.js';
import type { SparseFeatures, SparseOps } from './ops.js';
import { runCase } from './run-case.js';

/** Right ops whose submConv result is changed by `spoil`. */
function spoilt(spoil: (y: SparseFeatures) => SparseFeatures): SparseOps {
  return { ...oracleOps, submConv: (x, filter, options) => spoil(oracleOps.submConv(x, filter, options)) };
}

function spoiltFeatures(spoil: (features: tf.Tensor2D) => tf.Tensor2D): SparseOps {
  return spoilt(({ features, map }) => ({ features: spoil(features), map }));
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
      const result = await runCase(golden, oracleOps);
      expect(result).toEqual(jasmine.objectContaining({ id: golden.id, status: 'pass', reason: null }));
      expect(result.maxError).toBeLessThan(1e-6);
    }
  });

  const wrong: [string, SparseOps, RegExp][] = [
    [
      'one wrong value',
      spoiltFeatures((y) => withElement(y, 5, 1e-3)),
      /^out_features: off by .* at site \[0,.*\] channel 2/,
    ],
    ['one NaN', spoiltFeatures((y) => withElement(y, 5, NaN)), /^out_features: wrong at site .* got NaN/],
    ['a value that is not finite', spoiltFeatures((y) => withElement(y, 5, Infinity)), /got Infinity/],
    ['wrong channels', spoiltFeatures((y) => tf.concat([y, y], 1)), /must have shape \[24,3\], got \[24,6\]/],
    ['one row too few', spoiltFeatures((y) => tf.slice(y, 0, [23, 3])), /must have shape \[24,3\], got \[23,3\]/],
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
      spoilt(({ features, map }) => ({ features, map: { ...map, coordinates: map.coordinates.map((c) => c + 1) } })),
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
    const submConv: SparseOps['submConv'] = (x, filter, options) =>
      oracleOps.submConv(x, filter, { ...options, bias: options.bias && withGradient(options.bias, 0) });
    const result = await runCase(bias, { ...oracleOps, submConv });
    expect(result.reason).toMatch(/^grad_bias.conv: off by/);
  });

  it('skips a case whose op was not handed in, and says which', async () => {
    const result = await runCase(k3, { ...oracleOps, submConv: undefined });
    expect(result.status).toBe('skip');
    expect(result.reason).toBe("needs submConv (layer 'conv'), which was not handed in");
  });

  it('fails a golden without anything to compare', async () => {
    const tensors = new Map([...k3.tensors].filter(([name]) => !name.startsWith('out_') && !name.startsWith('grad_')));
    const result = await runCase({ ...k3, tensors }, oracleOps);
    expect(result.reason).toMatch(/nothing was compared/);
  });
});

let calls = 0;
function unsteady(): number {
  return calls++ * 1e-7;
}

function caseById(id: string): GoldenCase {
  const definition = submConv.cases.filter((candidate) => candidate.id === id);
  return goldenCases(readSafetensors(goldenBytes(definition)), id)[0];
}
