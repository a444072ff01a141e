import * as tf from '@tensorflow/tfjs-core';
import { drawTensor, type TensorSource } from '../oracle/tensor-source.js';
import * as field from './fields.js';
import type { GoldenCase } from './golden-file.js';
import { runCase } from './run-case.js';
import { changed, goldenOf, operationsOf, problems, withDoubledGradient } from './tensor-fixture.spec.js';
import type { TensorOperation } from './tensor-operation.js';

interface ScaleAttrs {
  readonly scale: number;
}

const scaledMatMul: TensorOperation<ScaleAttrs> = {
  op: 'scaled-mat-mul',
  inputs: { x: 'float32', weights: 'float32' },
  outputs: { y: 'float32' },
  attributes: { scale: field.number },
  forward: ({ x, weights }, { scale }) => ({ y: tf.mul(tf.matMul(x as tf.Tensor2D, weights as tf.Tensor2D), scale) }),
  define({ x, weights }, { scale }) {
    const [rows, inner] = x.shape;
    const columns = weights.shape[1];
    const values = Array.from({ length: rows * columns }, (_, index) => {
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        sum += x.values[Math.floor(index / columns) * inner + k] * weights.values[k * columns + (index % columns)];
      }
      return sum * scale;
    });
    return { y: { shape: [rows, columns], values } };
  },
};

const source: TensorSource<ScaleAttrs> = {
  id: 'scaled-mat-mul/small',
  tolerance: { output: 1e-6, gradient: 1e-6, reason: 'sums of four products' },
  inputs: { x: drawTensor([3, 4], 1), weights: drawTensor([4, 2], 2) },
  attrs: { scale: 3 },
  gradients: ['x', 'weights'],
  seed: 3,
};

describe('executeTensors', () => {
  const golden = goldenOf(source, scaledMatMul);

  it('finds output and gradients right', async () => {
    expect(await problems(golden, scaledMatMul)).toEqual([null, null, null]);
  });

  it('catches a wrong value', async () => {
    const forward = changed(scaledMatMul, ({ y }) => ({ y: tf.add(y, 1e-3) }));
    expect((await problems(golden, forward))[0]).toMatch(/^out_features: off by/);
  });

  it('catches a wrong shape', async () => {
    const forward = changed(scaledMatMul, ({ y }) => ({ y: tf.transpose(y) }));
    expect((await problems(golden, forward))[0]).toMatch(/must have shape \[3,2\], got \[2,3\]/);
  });

  it('catches a wrong gradient of one input', async () => {
    const forward: TensorOperation<ScaleAttrs>['forward'] = ({ x, weights }, attrs) =>
      scaledMatMul.forward({ x, weights: withDoubledGradient(weights) }, attrs);
    const [output, x, weights] = await problems(golden, { ...scaledMatMul, forward });
    expect([output, x]).toEqual([null, null]);
    expect(weights).toMatch(/^grad_weights: off by/);
  });

  const refused: [string, GoldenCase, TensorOperation<ScaleAttrs>, string][] = [
    [
      'an attribute that it does not know',
      withLayer(golden, { attrs: { scale: 3, bias: 1 } }),
      scaledMatMul,
      "RangeError: golden: fields of attrs of scaled-mat-mul must be among [scale], got 'bias'",
    ],
    [
      'an attribute of another kind',
      withLayer(golden, { attrs: { scale: 'three' } }),
      scaledMatMul,
      `RangeError: golden: 'scale' of attrs of scaled-mat-mul must be a number, got "three"`,
    ],
    [
      'a field that its layer does not know',
      withLayer(golden, { groups: 2 }),
      scaledMatMul,
      "RangeError: golden: fields of layer 'scaled-mat-mul' (scaled-mat-mul) must be among [name, op, in, attrs], got 'groups'",
    ],
    [
      'an operand that it does not name',
      withLayer(golden, { in: ['x', 'weights', 'bias'] }),
      scaledMatMul,
      "RangeError: scaled-mat-mul: operands must be among [x, weights], got 'bias'",
    ],
    [
      'a missing operand',
      withLayer(golden, { in: ['x'] }),
      scaledMatMul,
      "RangeError: scaled-mat-mul: operand 'weights' must be given, got [x]",
    ],
    [
      'a tensor that it does not know',
      { ...golden, tensors: new Map(golden.tensors).set('bias', golden.tensors.get('x')!) },
      scaledMatMul,
      "RangeError: golden: tensors of scaled-mat-mul/small must be known to its op, got 'bias'",
    ],
    [
      'an operand of another type',
      golden,
      { ...scaledMatMul, inputs: { x: 'int32', weights: 'float32' } },
      "TypeError: scaled-mat-mul: operand 'x' must be int32, got float32",
    ],
    [
      'an output of another type',
      golden,
      changed(scaledMatMul, ({ y }) => ({ y: tf.cast(y, 'int32') })),
      "TypeError: scaled-mat-mul: output 'y' must be float32, got int32",
    ],
    [
      'outputs of other names',
      golden,
      changed(scaledMatMul, ({ y }) => ({ product: y })),
      'RangeError: scaled-mat-mul: outputs must be [y], got [product]',
    ],
  ];
  for (const [what, changedGolden, operation, reason] of refused) {
    it(`refuses ${what}`, async () => {
      const result = await runCase(changedGolden, operationsOf(operation));
      expect(result).toEqual(jasmine.objectContaining({ status: 'fail', reason }));
    });
  }

  it('refuses sources of another type when their goldens are made', () => {
    const x = { ...drawTensor([3, 4], 1), dtype: 'int32' as const };
    expect(() => goldenOf({ ...source, inputs: { ...source.inputs, x } }, scaledMatMul)).toThrowError(
      TypeError,
      "scaled-mat-mul: operand 'x' must be float32, got int32",
    );
  });
});

function withLayer(golden: GoldenCase, change: object): GoldenCase {
  return { ...golden, layers: golden.layers.map((layer) => ({ ...layer, ...change })) };
}
