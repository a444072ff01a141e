import * as tf from '@tensorflow/tfjs';
import { graphModel, isOneOfTen, largestDifference, saved, strides, text, values } from './graph-fixture.spec.js';
import { convertModel } from '@tfjs-sparse/converter';
import { sparseWeightRules } from './convert.js';

describe('what convertModel takes', () => {
  it('replaces layers of layers models', async () => {
    const dense = tf.sequential({
      layers: [
        tf.layers.conv2d({ filters: 8, kernelSize: 3, inputShape: [8, 8, 4], name: 'wide' }),
        tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', activation: 'relu', name: 'depth' }),
        tf.layers.conv2d({ filters: 24, kernelSize: 1, activation: 'relu', name: 'point' }),
        tf.layers.conv2d({ filters: 16, kernelSize: [3, 2], strides: 2, padding: 'same', name: 'down' }),
        tf.layers.conv2d({ filters: 9, kernelSize: 2, dilationRate: [1, 2], activation: 'elu', name: 'dilated' }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 5, name: 'end' }),
      ],
    });
    dense.getLayer('point').setWeights([values([1, 1, 8, 24], 1, isOneOfTen), values([24], 2)]);
    dense.getLayer('down').setWeights([values([3, 2, 24, 16], 4, isOneOfTen), values([16], 5)]);
    dense
      .getLayer('dilated')
      .setWeights([values([2, 2, 16, 9], 6, (i) => Math.floor(i / 9) % 4 === 1), values([9], 7)]);
    const { model, report } = await convertModel(dense, { rules: [sparseWeightRules()] });
    expect(report.map(({ name, kernel, pattern }) => `${name} ${kernel} ${pattern}`)).toEqual([
      'wide null undefined',
      'point sparseConv1x1 csr',
      'down sparseConv2D csr',
      'dilated sparseConv2D nm1:4x2',
      'end null undefined',
      'depth depthwiseConv2D undefined',
    ]);
    expect(report[0].reason).toBe('the dense product is as fast at this share of zeros');
    const x = values([2, 8, 8, 4], 3);
    const [wanted, got] = [dense, model].map((each) => each.predict(x) as tf.Tensor);
    expect(await largestDifference(wanted, got)).toBeLessThan(1e-5);
    tf.dispose([x, wanted, got]);
    dense.dispose();
    model.dispose();
  });

  it('refuses NaN among the weights and what is no model', async () => {
    const artifacts = await graphModel([2, 6], { kernel: values([6, 4], NaN) }, [
      { name: 'y', op: 'MatMul', input: ['x', 'kernel'] },
    ]);
    await expectAsync(
      convertModel(tf.io.fromMemory(artifacts), { rules: [sparseWeightRules()] }),
    ).toBeRejectedWithError(RangeError, 'convertModel: weights of y must be numbers, got NaN at element 0');
    await expectAsync(convertModel({} as tf.io.IOHandler, { rules: [sparseWeightRules()] })).toBeRejectedWithError(
      TypeError,
      'convertModel: source must be a GraphModel, a LayersModel, a Graph, a URL or an IOHandler, got object',
    );
    await expectAsync(
      convertModel(tf.io.fromMemory({ modelTopology: {} }), { rules: [sparseWeightRules()] }),
    ).toBeRejectedWithError(TypeError, /source must hold a graph model or a layers model/);
  });

  it('leaves no tensor behind where a conversion fails', async () => {
    const dense = tf.sequential({
      layers: [
        tf.layers.dense({ units: 24, inputShape: [24], useBias: false }),
        tf.layers.dense({ units: 24, name: 'bad', useBias: false }),
      ],
    });
    dense.layers[0].setWeights([values([24, 24], 1, isOneOfTen)]);
    dense.layers[1].setWeights([tf.fill([24, 24], NaN)]);
    const artifacts = await saved(dense);
    const graph = await graphModel([2, 24], { a: values([24, 24], 1, isOneOfTen), b: values([24, 24], NaN) }, [
      { name: 'first', op: 'MatMul', input: ['x', 'a'] },
      { name: 'bad', op: 'MatMul', input: ['first', 'b'] },
    ]);
    const loaded = await tf.loadGraphModel(tf.io.fromMemory(graph));
    const before = tf.memory().numTensors;
    const options = { rules: [sparseWeightRules()] };
    const conversions: (() => Promise<unknown>)[] = [
      () => convertModel(dense, options),
      () => convertModel(tf.io.fromMemory(artifacts), options),
      () => convertModel(loaded, options),
      () => convertModel(tf.io.fromMemory(graph), options),
    ];
    for (const convert of conversions) {
      await expectAsync(convert()).toBeRejectedWithError(/weights of bad/);
      expect(tf.memory().numTensors).toBe(before);
    }
    dense.dispose();
    loaded.dispose();
  });

  it('says why layers and operations without a sparse form stay', async () => {
    const layers = tf.sequential({
      layers: [
        tf.layers.conv1d({ filters: 4, kernelSize: 3, inputShape: [9, 4], name: 'line' }),
        tf.layers.lstm({ units: 3, name: 'memory' }),
      ],
    });
    const reason = 'there is no kernel for sparse weights of this operation';
    const ofLayers = await convertModel(layers, { rules: [sparseWeightRules()] });
    expect(ofLayers.report.map((each) => `${each.name} ${each.reason}`)).toEqual([
      `line ${reason}`,
      `memory ${reason}`,
    ]);
    const artifacts = await graphModel([1, 2, 6], { kernel: values([1, 6, 4], 1, isOneOfTen) }, [
      { name: 'y', op: 'BatchMatMulV2', input: ['x', 'kernel'] },
    ]);
    const ofGraph = await convertModel(tf.io.fromMemory(artifacts), { rules: [sparseWeightRules()] });
    expect(ofGraph.report).toEqual([jasmine.objectContaining({ name: 'y', shape: [1, 6, 4], kernel: null, reason })]);
    ofGraph.model.dispose();
    layers.dispose();
  });

  it('leaves NaN alone in weights that stay dense, in layers as in graphs', async () => {
    const dense = tf.sequential({
      layers: [
        tf.layers.conv2d({
          filters: 2,
          kernelSize: 3,
          inputShape: [4, 6, 6],
          name: 'wide',
          useBias: false,
          dataFormat: 'channelsFirst',
        }),
        tf.layers.dense({ units: 24, name: 'end', useBias: false }),
      ],
    });
    dense.getLayer('wide').setWeights([tf.fill([3, 3, 4, 2], NaN)]);
    dense.getLayer('end').setWeights([tf.fill([4, 24], NaN)]);
    const include = ({ name }: { name: string }) => name !== 'end';
    const { report } = await convertModel(dense, { rules: [sparseWeightRules({ include })] });
    expect(report.map(({ reason }) => reason)).toEqual(['its images are not NHWC', 'not included']);
    const all = convertModel(dense, { rules: [sparseWeightRules()] });
    await expectAsync(all).toBeRejectedWithError(RangeError, /weights of end must be numbers, got NaN at element 0/);
    dense.dispose();
    const artifacts = await graphModel([2, 6], { kernel: values([6, 4], NaN) }, [
      { name: 'end', op: 'MatMul', input: ['x', 'kernel'] },
    ]);
    const graph = await convertModel(tf.io.fromMemory(artifacts), { rules: [sparseWeightRules({ include })] });
    expect(graph.report[0].reason).toBe('not included');
    graph.model.dispose();
  });

  it('says so where the filter of a depthwise convolution is computed', async () => {
    const conv = { padding: text('VALID'), strides: strides(1), dilations: strides(1) };
    const weights = { kernel: values([3, 3, 24, 1], 1), sparse: values([1, 1, 8, 24], 2, isOneOfTen) };
    const artifacts = await graphModel([1, 4, 4, 8], weights, [
      { name: 'point', op: 'Conv2D', input: ['x', 'sparse'], attr: conv },
      { name: 'filter', op: 'Relu', input: ['kernel'] },
      { name: 'y', op: 'DepthwiseConv2dNative', input: ['point', 'filter'], attr: conv },
    ]);
    const { model, report } = await convertModel(tf.io.fromMemory(artifacts), { rules: [sparseWeightRules()] });
    expect(report.find(({ name }) => name === 'y')!.reason).toBe('its filter is no constant');
    model.dispose();
  });

  it('passes on ops that it does not know', async () => {
    tf.registerOp('Twice', ({ inputs }) => tf.mul(inputs[0], 2));
    const artifacts = await graphModel([2, 20], { kernel: values([20, 8], 1, isOneOfTen) }, [
      { name: 'twice', op: 'Twice', input: ['x'] },
      { name: 'y', op: 'MatMul', input: ['twice', 'kernel'] },
    ]);
    const dense = await tf.loadGraphModel(tf.io.fromMemory(artifacts));
    const { model } = await convertModel(dense, { rules: [sparseWeightRules()] });
    const x = values([2, 20], 3);
    const [wanted, got] = [dense, model].map((each) => each.predict(x) as tf.Tensor);
    expect(await largestDifference(wanted, got)).toBeLessThan(1e-5);
    tf.dispose([x, wanted, got]);
    dense.dispose();
    model.dispose();
    tf.deregisterOp('Twice');
  });
});
