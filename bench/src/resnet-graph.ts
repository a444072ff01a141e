import { GraphBuilder, writeGraph, type GraphNode } from '@tfjs-sparse/converter';
import { seededRandom } from '@tfjs-sparse/core';
import type { io } from '@tensorflow/tfjs';

const side = 32;
const stages = [16, 32, 64]; // channels; each stage but the first begins with stride 2
const blocksOfStage = 3;
const classes = 10;
const biasScale = 0.1;

/**
 * ResNet-20 for CIFAR-10 (He et al., 2016, section 4.2; shortcuts between stages are 1 x 1 convolutions, option B) at
 * 32 x 32 with seeded weights and batch normalization folded into bias. The given share of the weights of all
 * convolutions but the first is 0 at random places.
 */
export function resNetGraph(sparsity: number): io.ModelArtifacts {
  const graph = new GraphBuilder();
  const random = seededRandom(1);
  const uniform = (scale: number) => scale * (2 * random() - 1);
  const values = (shape: readonly number[], draw: () => number) => {
    const length = shape.reduce((product, each) => product * each, 1);
    return graph.constant(shape, Float32Array.from({ length }, draw));
  };
  const convolution = (
    x: GraphNode,
    size: number,
    inChannels: number,
    outChannels: number,
    stride: number,
    activation: 'Relu' | null,
    density: number,
  ) => {
    const scale = Math.sqrt(6 / (size * size * inChannels * density)); // keeps the variance of what it takes
    const draw = () => (random() < density ? uniform(scale) : 0);
    const filter = values([size, size, inChannels, outChannels], draw);
    const bias = values([outChannels], () => uniform(biasScale));
    return graph.convolution(x, filter, bias, { stride }, activation);
  };
  const density = 1 - sparsity;

  let x = convolution(graph.input([1, side, side, 3]), 3, 3, stages[0], 1, 'Relu', 1);
  let channels = stages[0];
  for (const outChannels of stages) {
    for (let block = 0; block < blocksOfStage; block++) {
      const stride = outChannels === channels ? 1 : 2;
      const shortcut = stride === 1 ? x : convolution(x, 1, channels, outChannels, stride, null, density);
      const first = convolution(x, 3, channels, outChannels, stride, 'Relu', density);
      const second = convolution(first, 3, outChannels, outChannels, 1, null, density);
      x = graph.node('Relu', [graph.node('AddV2', [second, shortcut])]);
      channels = outChannels;
    }
  }
  x = graph.node('Mean', [x, graph.constant([2], Int32Array.of(1, 2))], { keep_dims: { b: false } });
  const classifier = values([channels, classes], () => uniform(Math.sqrt(6 / channels)));
  graph.output(graph.node('Softmax', [graph.node('MatMul', [x, classifier])]));
  return writeGraph(graph.graph);
}
