import * as tf from '@tensorflow/tfjs';
import { FusedDepthwiseConv2D } from '../layers.js';

describe('FusedDepthwiseConv2D', () => {
  for (const options of [
    { kernelSize: 3, strides: 2, padding: 'same', activation: 'relu6' },
    { kernelSize: [5, 2], activation: 'tanh', useBias: false },
  ] as const) {
    it(`is tf.layers.depthwiseConv2d, also loaded again, with ${JSON.stringify(options)}`, async () => {
      const before = tf.memory().numTensors;
      const args = { ...options, kernelSize: options.kernelSize as number | [number, number] };
      const initializers = {
        depthwiseInitializer: tf.initializers.randomNormal({ seed: 1 }),
        biasInitializer: tf.initializers.randomNormal({ seed: 2 }),
      };
      const input = { inputShape: [9, 8, 6], name: 'depthwise' };
      const [ours, theirs] = [
        tf.sequential({ layers: [new FusedDepthwiseConv2D({ ...args, ...initializers, ...input })] }),
        tf.sequential({ layers: [tf.layers.depthwiseConv2d({ ...args, ...initializers, ...input })] }),
      ];
      let artifacts: tf.io.ModelArtifacts | undefined;
      await ours.save(tf.io.withSaveHandler(async (saved) => ((artifacts = saved), { modelArtifactsInfo: null! })));
      const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts!));
      const x = tf.randomNormal([2, 9, 8, 6], 0, 1, 'float32', 3);
      const outputs = [ours, theirs, loaded].map((model) => model.predict(x) as tf.Tensor);
      const [got, wanted, again] = await Promise.all(outputs.map((y) => y.data()));
      expect(ours.outputs[0].shape).toEqual(theirs.outputs[0].shape);
      expect(Math.max(...wanted.map((value, i) => Math.abs(value - got[i])))).toBeLessThan(1e-6);
      expect(again).toEqual(got);
      tf.dispose([x, ...outputs]);
      for (const model of [ours, theirs, loaded]) model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  }

  it('refuses several outputs per channel', () => {
    expect(() => new FusedDepthwiseConv2D({ kernelSize: 3, depthMultiplier: 2 })).toThrowError(
      RangeError,
      'fusedDepthwiseConv2D: depthMultiplier must be 1, got 2',
    );
  });
});
