import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { usePlainKernels } from './bind.js';
import type { CpuKernel, OpDefinition } from './definition.js';
import { runOp } from './run.js';
import type { WasmKernel } from './wasm-scope.js';

/** Splits numbers into whole part and rest, where `mask` says so. */
interface SplitParts {
  inputs: { x: 'float32'; scale?: 'int32'; mask?: 'bool' };
  outputs: { whole: 'int32'; rest: 'float32' };
  attrs: object;
}

const cpu: CpuKernel<SplitParts> = ({ x, scale, mask }) => {
  const values = x.values.map((value, i) => (mask && !mask.values[i] ? 0 : value * (scale ? scale.values[0] : 1)));
  return {
    rest: { shape: x.shape, values: values.map((value) => value - Math.trunc(value)) }, // in another order than declared
    whole: { shape: x.shape, values: Int32Array.from(values) },
  };
};

/** Fills whole parts with 7 and rests with 0.5, to be told apart from the plain kernel. */
const wasm: WasmKernel<SplitParts> = ({ x }, _attrs, scope) => {
  const whole = scope.output(x.shape, 'int32');
  const rest = scope.output(x.shape);
  return { whole, rest };
};

const gradientsSeen: string[][] = [];

const splitOp: OpDefinition<SplitParts> = {
  name: 'SpecSplitParts',
  inputs: { x: 'float32', scale: 'int32', mask: 'bool' },
  outputs: { whole: 'int32', rest: 'float32' },
  kernels: { cpu, wasm, webgpu: () => fail('does not run here') as never },
  gradient: {
    save: ['x'],
    saveOutputs: ['rest'],
    gradients: (dy, saved) => {
      gradientsSeen.push([Object.keys(dy).join(), Object.keys(saved).join(), dy.whole.dtype, saved.rest.dtype]);
      return { x: () => tf.mul(dy.rest, 2) };
    },
  },
};

describe('the contract of an op', () => {
  beforeAll(() => usePlainKernels(true));

  afterAll(() => usePlainKernels(false));

  const x = () => tf.tensor1d([1.5, -2.25]);

  it('gives outputs by name with the dtypes of the definition', async () => {
    const { whole, rest } = runOp(splitOp, { x: x() }, {});
    expect([whole.dtype, rest.dtype]).toEqual(['int32', 'float32']);
    expect(await whole.data()).toEqual(Int32Array.of(1, -2));
    expect(await rest.data()).toEqual(Float32Array.of(0.5, -0.25));
  });

  it('hands int32 and bool inputs over as such', async () => {
    const inputs = { x: x(), scale: tf.tensor1d([3], 'int32'), mask: tf.tensor1d([true, false], 'bool') };
    const { whole } = runOp(splitOp, inputs, {});
    expect(await whole.data()).toEqual(Int32Array.of(4, 0));
  });

  it('says so where a derivative goes through an op without gradient', () => {
    const op = { ...splitOp, name: 'SpecSplitWithoutGradient', gradient: undefined };
    const slope = () => tf.grad((input) => runOp(op, { x: input }, {}).rest)(x());
    expect(slope).toThrowError(
      'SpecSplitWithoutGradient: a gradient must be defined for a (second) derivative to go through it, got none',
    );
  });

  it('gives gradients dy of every output and what was saved, by name', async () => {
    gradientsSeen.length = 0;
    const gradient = tf.grad((input) => runOp(splitOp, { x: input }, {}).rest)(x(), tf.tensor1d([1, 10]));
    expect(await gradient.data()).toEqual(Float32Array.of(2, 20));
    expect(gradientsSeen).toEqual([['whole,rest', 'x,rest', 'int32', 'float32']]);
  });

  it('refuses an input of another dtype', () => {
    expect(() => runOp(splitOp, { x: tf.tensor1d([1], 'int32') }, {})).toThrowError(
      TypeError,
      'SpecSplitParts: x must be float32, got int32',
    );
    expect(() => runOp(splitOp, { x: x(), scale: tf.tensor1d([1]) }, {})).toThrowError(
      TypeError,
      'SpecSplitParts: scale must be int32, got float32',
    );
  });

  const wrong: [string, string, (good: ReturnType<typeof cpu>) => unknown, string][] = [
    [
      'without an output',
      'SpecMissing',
      ({ rest }) => ({ rest }),
      'the kernel must give the outputs [whole, rest], got [rest]',
    ],
    [
      'with one output more',
      'SpecSurplus',
      (good) => ({ ...good, more: good.rest }),
      'the kernel must give the outputs [whole, rest], got [rest, whole, more]',
    ],
    [
      'with an output of another dtype',
      'SpecDtype',
      ({ rest }) => ({ rest, whole: rest }),
      'the kernel must give whole as int32, got float32',
    ],
  ];
  for (const [what, name, change, message] of wrong) {
    it(`refuses a kernel ${what}`, () => {
      const kernels = { ...splitOp.kernels, cpu: ((...args) => change(cpu(...args))) as typeof cpu };
      const before = tf.memory().numTensors;
      const input = x();
      expect(() => runOp({ ...splitOp, name, kernels }, { x: input }, {})).toThrowError(
        TypeError,
        `${name}: ${message}`,
      );
      input.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  }

  it('runs the WASM kernel where nothing asks for the plain one', () => {
    usePlainKernels(false);
    const { whole, rest } = runOp({ ...splitOp, name: 'SpecSplitInWasm' }, { x: x() }, {});
    expect([whole.dtype, rest.dtype, ...whole.shape]).toEqual(['int32', 'float32', 2]);
    usePlainKernels(true);
  });
});
