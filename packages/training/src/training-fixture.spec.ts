// Not a spec itself: a small classification with a known answer, and models for it.
import { argMax, cast, oneHot, randomNormal, matMul, tidy, train, type Tensor } from '@tensorflow/tfjs-core';
import { initializers, layers, sequential, type Sequential } from '@tensorflow/tfjs-layers';

export const inputs = 16;
export const classes = 4;

/** Points whose class is the largest of four fixed linear functions. */
export function makeData(count = 96): { x: Tensor; y: Tensor } {
  return tidy(() => {
    const x = randomNormal([count, inputs], 0, 1, 'float32', 7);
    const scores = matMul(x, randomNormal([inputs, classes], 0, 1, 'float32', 8));
    const y = cast(oneHot(argMax(scores, 1), classes), 'float32');
    return { x, y };
  });
}

/** Dense 16 -> 24 -> 4, compiled with Adam. */
export function denseModel(): Sequential {
  const model = sequential({
    layers: [
      layers.dense({
        inputShape: [inputs],
        units: 24,
        activation: 'relu',
        name: 'hidden',
        kernelInitializer: seeded(1),
      }),
      layers.dense({ units: classes, activation: 'softmax', name: 'output', kernelInitializer: seeded(2) }),
    ],
  });
  model.compile({ optimizer: train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

/** Two convolutions, a depthwise one between them, then a dense layer; 4 x 4 images of one channel. */
export function convolutionModel(): Sequential {
  const model = sequential({
    layers: [
      layers.reshape({ inputShape: [inputs], targetShape: [4, 4, 1], name: 'image' }),
      layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same', name: 'first', kernelInitializer: seeded(3) }),
      layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', name: 'depthwise', depthwiseInitializer: seeded(4) }),
      layers.batchNormalization({ name: 'norm' }),
      layers.conv2d({ filters: 6, kernelSize: 1, activation: 'relu', name: 'pointwise', kernelInitializer: seeded(5) }),
      layers.flatten({ name: 'flat' }),
      layers.dense({ units: classes, activation: 'softmax', name: 'output', kernelInitializer: seeded(6) }),
    ],
  });
  model.compile({ optimizer: train.momentum(0.05, 0.9), loss: 'categoricalCrossentropy' });
  return model;
}

export async function weightsOf(model: Sequential, layer: string): Promise<Float32Array> {
  return (await model.getLayer(layer).getWeights()[0].data()).slice() as Float32Array;
}

export function zeros(values: Float32Array): number {
  return values.reduce((count, value) => count + Number(value === 0), 0);
}

function seeded(seed: number) {
  return initializers.glorotUniform({ seed });
}
