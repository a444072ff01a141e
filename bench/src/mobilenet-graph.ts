import { GraphBuilder, writeGraph } from '@tfjs-sparse/converter';
import { seededRandom } from '@tfjs-sparse/core';
import type { io } from '@tensorflow/tfjs';

/** Stride of the depthwise convolution and output channels of the 1 x 1 convolution behind it. */
const blocks: readonly (readonly [stride: number, outChannels: number])[] = [
  [1, 64],
  [2, 128],
  [1, 128],
  [2, 256],
  [1, 256],
  [2, 512],
  ...Array.from({ length: 5 }, () => [1, 512] as const),
  [2, 1024],
  [1, 1024],
];
const classes = 1001; // as TensorFlow's: the first one is the background
const biasScale = 0.1;

/**
 * MobileNetV1 1.0 (Howard et al., 2017, table 1) at 224 x 224 with seeded weights, batch normalization folded into bias,
 * ReLU6. The given share of the weights of the 1 x 1 convolutions, the classifier too, is 0 at random places.
 */
export function mobileNetGraph(sparsity: number): io.ModelArtifacts {
  const graph = new GraphBuilder();
  const random = seededRandom(1);
  const uniform = (scale: number) => scale * (2 * random() - 1);
  /** Weights that keep the variance of what they take, of which `density` are not 0. */
  const filter = (shape: readonly number[], fanIn: number, density: number) => {
    const scale = Math.sqrt(6 / (fanIn * density));
    const size = shape.reduce((product, each) => product * each, 1);
    return graph.constant(
      shape,
      Float32Array.from({ length: size }, () => (random() < density ? uniform(scale) : 0)),
    );
  };
  const bias = (channels: number) =>
    graph.constant(
      [channels],
      Float32Array.from({ length: channels }, () => uniform(biasScale)),
    );
  const density = 1 - sparsity;

  let channels = 32;
  let x = graph.input([1, 224, 224, 3]);
  x = graph.convolution(x, filter([3, 3, 3, channels], 27, 1), bias(channels), { stride: 2 }, 'Relu6');
  for (const [stride, outChannels] of blocks) {
    x = graph.depthwise(x, filter([3, 3, channels, 1], 9, 1), bias(channels), { stride }, 'Relu6');
    const pointwise = filter([1, 1, channels, outChannels], channels, density);
    x = graph.convolution(x, pointwise, bias(outChannels), { stride: 1 }, 'Relu6');
    channels = outChannels;
  }
  x = graph.node('Mean', [x, graph.constant([2], Int32Array.of(1, 2))], { keep_dims: { b: true } });
  const classifier = filter([1, 1, channels, classes], channels, density);
  x = graph.convolution(x, classifier, bias(classes), { stride: 1 }, null);
  x = graph.node('Squeeze', [x], { squeeze_dims: { list: { i: ['1', '2'] } } });
  graph.output(graph.node('Softmax', [x]));
  return writeGraph(graph.graph);
}
