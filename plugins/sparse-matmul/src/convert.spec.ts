import * as tf from '@tensorflow/tfjs';
import {
  fusedOps,
  graphModel,
  isOneOfTen,
  largestDifference,
  saved,
  strides,
  text,
  values,
} from './graph-fixture.spec.js';
import { convertModel } from '@tfjs-sparse/converter';
import { sparseWeightRules } from './convert.js';

const image = [1, 8, 6, 16];

/** Images through a convolution, a depthwise one, activations that cannot be fused, and two matrices. */
function network(): Promise<tf.io.ModelArtifacts> {
  const conv = { data_format: text('NHWC'), padding: text('SAME'), strides: strides(1), dilations: strides(1) };
  const fused = (...ops: string[]) => ({ ...conv, fused_ops: fusedOps(...ops), num_args: { i: '1' } });
  return graphModel(
    image,
    {
      'a/kernel': values([1, 1, 16, 24], 1, isOneOfTen),
      'a/bias': values([24], 2),
      'b/pads': tf.tensor2d(
        [
          [0, 0],
          [1, 2],
          [0, 1],
          [0, 0],
        ],
        [4, 2],
        'int32',
      ),
      'b/kernel': values([3, 3, 24, 1], 3),
      'b/bias': values([24], 4),
      'c/kernel': values([1, 1, 24, 32], 5, (i) => Math.floor(i / 8) % 8 === 1),
      'c/bias': values([32], 6),
      'd/kernel': values([1, 1, 32, 8], 7, isOneOfTen),
      'd/bias': values([8], 8),
      'd/slope': values([8], 9),
      axes: tf.tensor1d([1, 2], 'int32'),
      'e/kernel': values([12, 8], 10, isOneOfTen),
      'f/kernel': values([12, 5], 11, (i) => Math.floor(i / 5) % 4 < 2),
      'f/bias': values([5], 12),
    },
    [
      {
        name: 'a',
        op: '_FusedConv2D',
        input: ['x', 'a/kernel', 'a/bias'],
        attr: { ...fused('BiasAdd', 'Relu6'), strides: strides(2) },
      },
      { name: 'a/padded', op: 'Pad', input: ['a', 'b/pads'] },
      {
        name: 'b',
        op: 'FusedDepthwiseConv2dNative',
        input: ['a/padded', 'b/kernel', 'b/bias'],
        attr: { ...fused('BiasAdd', 'Relu'), padding: text('VALID') },
      },
      { name: 'c/read', op: 'Identity', input: ['c/kernel'] },
      {
        name: 'c',
        op: '_FusedConv2D',
        input: ['b:0', 'c/read', 'c/bias'],
        attr: { ...fused('BiasAdd', 'LeakyRelu'), leakyrelu_alpha: { f: 0.3 } },
      },
      {
        name: 'd',
        op: '_FusedConv2D',
        input: ['c', 'd/kernel', 'd/bias', 'd/slope'],
        attr: { ...fused('BiasAdd', 'Prelu'), num_args: { i: '2' } },
      },
      { name: 'pool', op: 'Mean', input: ['d', 'axes'], attr: { keep_dims: { b: false } } },
      {
        name: 'e',
        op: 'MatMul',
        input: ['pool', 'e/kernel'],
        attr: { transpose_a: { b: false }, transpose_b: { b: true } },
      },
      {
        name: 'f',
        op: '_FusedMatMul',
        input: ['e', 'f/kernel', 'f/bias'],
        attr: { fused_ops: fusedOps('BiasAdd'), num_args: { i: '1' } },
      },
    ],
  );
}

describe('sparseWeightRules', () => {
  let backend: string;
  beforeEach(() => (backend = tf.getBackend()));
  afterEach(() => tf.setBackend(backend));

  for (const each of ['cpu', 'wasm']) {
    it(`gives the dense model's outputs, saved and loaded too, on ${each}`, async () => {
      if (!tf.findBackendFactory(each) || !(await tf.setBackend(each))) pending(`no ${each} backend here`);
      const before = tf.memory().numTensors;
      const dense = await tf.loadGraphModel(tf.io.fromMemory(await network()));
      const { model, report, summary } = await convertModel(dense, { rules: [sparseWeightRules()] });
      expect(summary).toBe('6 of 6 operations run on other kernels now');
      expect(report.map(({ name, kernel, pattern }) => `${name} ${kernel} ${pattern}`)).toEqual([
        'a sparseConv1x1 csr',
        'c sparseConv1x1 block8',
        'd sparseConv1x1 csr',
        'e sparseMatMul csr',
        'f nmMatMul nm2:4',
        'b depthwiseConv2D undefined',
      ]);
      const artifacts = await saved(model);
      const again = await tf.loadGraphModel(tf.io.fromMemory(artifacts));
      const x = values(image, 13);
      const outputs = [dense, model, again].map((network) => network.predict(x) as tf.Tensor);
      expect(await largestDifference(outputs[0], outputs[1])).toBeLessThan(1e-5);
      expect(await largestDifference(outputs[1], outputs[2])).toBe(0);
      expect((await outputs[0].data()).some((value) => value !== 0)).toBe(true);
      const names = artifacts.weightSpecs!.map(({ name }) => name);
      expect(names).not.toContain('c/kernel');
      expect(names).not.toContain('b/pads');
      expect(names).toContain('c/kernel/values');
      tf.dispose([x, ...outputs]);
      for (const network of [dense, model, again]) network.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  }

  it('keeps the quantisation of weights and stores no zeros', async () => {
    const kernel = { name: 'kernel', shape: [40, 8], dtype: 'float32' as const };
    const artifacts = await graphModel([2, 40], { kernel: tf.zeros([40, 8]) }, [
      { name: 'y', op: 'MatMul', input: ['x', 'kernel'] },
    ]);
    artifacts.weightSpecs = [{ ...kernel, quantization: { dtype: 'uint8', scale: 0.5, min: -2 } }];
    const zero = 4; // 4 * 0.5 - 2
    artifacts.weightData = Uint8Array.from({ length: 320 }, (_, i) => (isOneOfTen(i) ? i % 9 : zero)).buffer;
    const dense = await tf.loadGraphModel(tf.io.fromMemory(artifacts));
    const { model } = await convertModel(dense, { rules: [sparseWeightRules()] });
    const after = await saved(model);
    expect((after.weightData as ArrayBuffer).byteLength).toBeLessThan(320 / 4);
    const x = values([2, 40], 1);
    const [wanted, got] = [dense, model].map((each) => each.predict(x) as tf.Tensor);
    expect(await largestDifference(wanted, got)).toBeLessThan(1e-5);
    tf.dispose([x, wanted, got]);
    dense.dispose();
    model.dispose();
  });

  it('returns a model without zeros unchanged and says so', async () => {
    const dense = await tf.loadGraphModel(
      tf.io.fromMemory(
        await graphModel([2, 6], { kernel: values([6, 4], 1) }, [{ name: 'y', op: 'MatMul', input: ['x', 'kernel'] }]),
      ),
    );
    const { model, report, summary } = await convertModel(dense, { rules: [sparseWeightRules()] });
    expect(model).toBe(dense);
    expect(summary).toBe('nothing to convert in 1 operations: the model is unchanged');
    expect(report[0]).toEqual(jasmine.objectContaining({ name: 'y', op: 'MatMul', sparsity: 0, kernel: null }));
    dense.dispose();
  });

  it('puts convolutions with wide filters onto sparse ones', async () => {
    const conv = { data_format: text('NHWC'), padding: text('SAME'), strides: strides(1), dilations: strides(1) };
    const pads = { list: { i: ['0', '0', '1', '2', '0', '1', '0', '0'] } };
    const artifacts = await graphModel(
      image,
      {
        'a/kernel': values([3, 3, 16, 24], 1, isOneOfTen),
        'a/bias': values([24], 2),
        'b/kernel': values([1, 5, 24, 16], 3, (i) => Math.floor(i / 8) % 8 === 1),
        'c/kernel': values([3, 3, 16, 8], 5, isOneOfTen),
        'c/slope': values([8], 6),
        'c/bias': values([8], 7),
      },
      [
        { name: 'a', op: 'Conv2D', input: ['x', 'a/kernel'], attr: { ...conv, strides: strides(2) } },
        { name: 'a/sum', op: 'BiasAdd', input: ['a', 'a/bias'] },
        { name: 'a/relu', op: 'Relu', input: ['a/sum'] },
        { name: 'b', op: 'Conv2D', input: ['a/relu', 'b/kernel'], attr: { ...conv, dilations: strides(2) } },
        {
          name: 'c',
          op: '_FusedConv2D',
          input: ['b', 'c/kernel', 'c/bias', 'c/slope'],
          attr: {
            ...conv,
            padding: text('EXPLICIT'),
            explicit_paddings: pads,
            fused_ops: fusedOps('BiasAdd', 'Prelu'),
            num_args: { i: '2' },
          },
        },
      ],
    );
    const dense = await tf.loadGraphModel(tf.io.fromMemory(artifacts));
    const { model, report } = await convertModel(dense, { rules: [sparseWeightRules()] });
    expect(report.map(({ name, kernel, pattern }) => `${name} ${kernel} ${pattern}`)).toEqual([
      'a sparseConv2D csr',
      'b sparseConv2D block8',
      'c sparseConv2D csr',
    ]);
    const { node } = (await saved(model)).modelTopology as { node: { op: string }[] };
    const ops = node.map(({ op }) => op).filter((op) => op !== 'Const' && op !== 'Placeholder');
    expect(ops).toEqual(['TfjsSparseConv2D', 'TfjsSparseConv2D', 'TfjsSparseConv2D', 'Prelu']);
    const x = values(image, 5);
    const again = await tf.loadGraphModel(tf.io.fromMemory(await saved(model)));
    const [wanted, got, loaded] = [dense, model, again].map((each) => each.predict(x) as tf.Tensor);
    expect(await largestDifference(wanted, got)).toBeLessThan(1e-5);
    expect(await largestDifference(got, loaded)).toBe(0);
    tf.dispose([x, wanted, got, loaded]);
    for (const each of [dense, model, again]) each.dispose();
  });

  it('takes what a model is loaded from, and leaves layers as options say', async () => {
    const { model, report } = await convertModel(tf.io.fromMemory(await network()), {
      rules: [sparseWeightRules({ minSparsity: 0.8 })],
    });
    expect(report.find(({ name }) => name === 'f')!.reason).toBe('fewer zeros than minSparsity 0.8');
    expect(report.find(({ name }) => name === 'c')!.pattern).toBe('block8');
    model.dispose();
  });
});
