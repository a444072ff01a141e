import * as tf from '@tensorflow/tfjs';
import { graphModel, isOneOfTen, largestDifference, saved, strides, text, values } from './graph-fixture.spec.js';
import { convertModel } from '@tfjs-sparse/converter';
import { sparseWeightRules } from './convert.js';

const image = [1, 8, 6, 16];

describe('a converted graph', () => {
  it("takes residuals along that are nodes of their own, of the output's shape or another", async () => {
    const conv = { data_format: text('NHWC'), padding: text('SAME'), strides: strides(1), dilations: strides(1) };
    const artifacts = await graphModel(
      image,
      {
        'a/kernel': values([3, 3, 16, 16], 1, isOneOfTen),
        'b/kernel': values([1, 1, 16, 16], 2, isOneOfTen),
        'b/bias': values([16], 3),
        'b/map': values([8, 1, 16], 4),
        'c/kernel': values([3, 3, 16, 1], 5),
        'd/kernel': values([1, 1, 16, 16], 6, isOneOfTen),
      },
      [
        { name: 'a', op: 'Conv2D', input: ['x', 'a/kernel'], attr: conv },
        { name: 'a/sum', op: 'AddV2', input: ['x', 'a'] },
        { name: 'a/relu', op: 'Relu', input: ['a/sum'] },
        { name: 'b', op: 'Conv2D', input: ['a/relu', 'b/kernel'], attr: conv },
        { name: 'b/biased', op: 'BiasAdd', input: ['b', 'b/bias'] },
        { name: 'b/sum', op: 'Add', input: ['b/biased', 'b/map'] },
        { name: 'b/relu', op: 'Relu6', input: ['b/sum'] },
        { name: 'c', op: 'DepthwiseConv2dNative', input: ['b/relu', 'c/kernel'], attr: conv },
        { name: 'd', op: 'Conv2D', input: ['c', 'd/kernel'], attr: conv },
        { name: 'y', op: 'AddV2', input: ['d', 'b/relu'] },
      ],
    );
    const dense = await tf.loadGraphModel(tf.io.fromMemory(artifacts));
    const { model } = await convertModel(dense, { rules: [sparseWeightRules()] });
    const { node } = (await saved(model)).modelTopology as { node: { name: string; op: string }[] };
    const ops = node.filter(({ op }) => op !== 'Const' && op !== 'Placeholder').map(({ name, op }) => `${name} ${op}`);
    expect(ops).toEqual(['a/relu TfjsSparseConv2D', 'b/relu TfjsSparseConv1x1', 'y TfjsSparseSeparableConv2D']);
    const x = values(image, 5);
    const [wanted, got] = [dense, model].map((each) => each.predict(x) as tf.Tensor);
    expect(await largestDifference(wanted, got)).toBeLessThan(1e-5);
    tf.dispose([x, wanted, got]);
    dense.dispose();
    model.dispose();
  });

  it('takes biases, activations and padding along that are nodes of their own', async () => {
    const conv = { data_format: text('NHWC'), padding: text('VALID'), strides: strides(1), dilations: strides(1) };
    const artifacts = await graphModel(
      image,
      {
        pads: tf.tensor2d(
          [
            [0, 0],
            [1, 2],
            [0, 1],
            [0, 0],
          ],
          [4, 2],
          'int32',
        ),
        'wide/kernel': values([2, 3, 16, 16], 0),
        'a/kernel': values([3, 3, 16, 1], 1),
        'a/bias': values([16], 2),
        'b/kernel': values([1, 1, 16, 24], 3, isOneOfTen),
        'b/bias': values([24], 4),
      },
      [
        { name: 'padded', op: 'Pad', input: ['x', 'pads'] },
        { name: 'wide', op: 'Conv2D', input: ['padded', 'wide/kernel'], attr: conv },
        { name: 'a', op: 'DepthwiseConv2dNative', input: ['wide', 'a/kernel'], attr: conv },
        { name: 'a/sum', op: 'Add', input: ['a/bias', 'a'] },
        { name: 'a/relu', op: 'Relu6', input: ['a/sum'] },
        { name: 'b', op: 'Conv2D', input: ['a/relu', 'b/kernel'], attr: conv },
        { name: 'b/sum', op: 'BiasAdd', input: ['b', 'b/bias'] },
        { name: 'b/relu', op: 'Relu', input: ['b/sum'] },
        { name: 'y', op: 'AddV2', input: ['b/relu', 'b/bias'] },
      ],
    );
    const dense = await tf.loadGraphModel(tf.io.fromMemory(artifacts));
    const { model } = await convertModel(dense, { rules: [sparseWeightRules()] });
    const { node } = (await saved(model)).modelTopology as { node: { op: string }[] };
    const ops = node.map(({ op }) => op).filter((op) => op !== 'Const' && op !== 'Placeholder');
    expect(ops).toEqual(['Conv2D', 'TfjsSparseSeparableConv2D', 'AddV2']);
    const x = values(image, 5);
    const [wanted, got] = [dense, model].map((each) => each.predict(x) as tf.Tensor);
    expect(await largestDifference(wanted, got)).toBeLessThan(1e-5);
    tf.dispose([x, wanted, got]);
    dense.dispose();
    model.dispose();
  });
});
