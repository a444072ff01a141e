import { input, layers, model as makeModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import type { Checkpoint } from '../checkpoint/read-checkpoint.js';
import type { Architecture, BuiltNetwork } from './architecture.js';
import { builtNetwork } from './built-network.js';
import { ModuleTree } from './module-tree.js';

const op = 'resnet';
const epsilon = 1e-5; // torch's default, which all of these have
const momentum = 0.9; // torch's 0.1

/**
 * ResNet (He et al. 2015) on layers of tfjs alone, in the layouts of torchvision (`layer1.0.conv1`, `downsample.0`, `fc`) and of
 * the CIFAR repositories (`shortcut.0`, `linear`; shortcuts without weights are strided and padded with zero channels). A first
 * convolution of size 3 has no stride and no pooling behind it. Blocks with three convolutions have their stride in the second,
 * as torchvision's; torch's inputs are `[images, channels, height, width]`, those of the model `[images, height, width, channels]`.
 */
export const resnetArchitecture: Architecture = {
  name: 'resnet',
  summary: 'ResNet in the layouts of torchvision and of CIFAR-10 repositories, on layers of tfjs',
  keys: 'layer1.0.conv1.weight, layer2.0.conv1.weight, bn1.running_mean',
  recognise(checkpoint) {
    const tree = treeOf(checkpoint);
    if (!tree) return null;
    const blocks = stagesOf(tree)
      .map((count) => count)
      .join(', ');
    const kind = isBottleneck(tree) ? 'bottleneck' : 'basic';
    return `modules ${tree.prefix}conv1, bn1 and layer1 to layer${stagesOf(tree).length} with ${blocks} ${kind} blocks`;
  },
  build,
};

function treeOf(checkpoint: Checkpoint): ModuleTree | null {
  const tree = ModuleTree.around(checkpoint, 'layer1.0.conv1');
  const isResnet =
    tree?.has('conv1', 'weight') && tree.has('bn1', 'running_mean') && tree.has('layer2.0.bn1', 'running_mean');
  return tree && isResnet && tree.shape(op, 'conv1', 'weight').length === 4 ? tree : null;
}

/** Blocks of each stage. */
function stagesOf(tree: ModuleTree): number[] {
  const stages = tree.count((stage) => `layer${stage + 1}`);
  return Array.from({ length: stages }, (_, stage) => tree.count((block) => `layer${stage + 1}.${block}`));
}

function isBottleneck(tree: ModuleTree): boolean {
  return tree.has('layer1.0.conv3', 'weight');
}

async function build(checkpoint: Checkpoint): Promise<BuiltNetwork> {
  const tree = treeOf(checkpoint);
  requireRange(tree !== null, op, `checkpoint must have ${resnetArchitecture.keys}`, checkpoint.tensors.length);
  const network = new ResnetLayers(tree);
  const [, channels, size] = tree.shape(op, 'conv1', 'weight');
  const image = input({ shape: [null, null, channels], name: 'image' });
  const isLarge = size > 3;
  let x = network.normalized(network.convolved(image, 'conv1', isLarge ? 2 : 1), 'bn1');
  x = rectified(x);
  if (isLarge) x = pooled(x);
  stagesOf(tree).forEach((blocks, stage) => {
    for (let block = 0; block < blocks; block++) {
      x = network.block(x, `layer${stage + 1}.${block}`, stage > 0 && block === 0 ? 2 : 1);
    }
  });
  const means = layers.globalAveragePooling2d({}).apply(x) as SymbolicTensor;
  const model = makeModel({ inputs: image, outputs: network.head(means), name: 'resnet' });
  const assumptions = [
    `strides 2 at the first block of each stage but the first${isBottleneck(tree) ? ', in its second convolution' : ''}`,
    isLarge ? 'a stride of 2 and pooling by 2 before the first stage' : 'no stride before the first stage',
  ];
  return builtNetwork(op, model, checkpoint, { map: network.map }, assumptions);
}

/** Layers by the paths of the modules whose weights they get. */
class ResnetLayers {
  /** Names of layers by paths of modules in the checkpoint. */
  readonly map: Record<string, string> = {};

  constructor(private readonly tree: ModuleTree) {}

  block(x: SymbolicTensor, path: string, strides: number): SymbolicTensor {
    const { tree } = this;
    const isBottleneckBlock = tree.has(`${path}.conv3`, 'weight');
    const last = isBottleneckBlock ? 3 : 2;
    let y = x;
    for (let i = 1; i <= last; i++) {
      const hasStride = i === (isBottleneckBlock ? 2 : 1);
      y = this.normalized(this.convolved(y, `${path}.conv${i}`, hasStride ? strides : 1), `${path}.bn${i}`);
      if (i < last) y = rectified(y);
    }
    return rectified(layers.add().apply([y, this.shortcut(x, path, strides, y.shape[3]!)]) as SymbolicTensor);
  }

  private shortcut(x: SymbolicTensor, path: string, strides: number, channels: number): SymbolicTensor {
    const name = ['downsample', 'shortcut'].find((each) => this.tree.has(`${path}.${each}.0`, 'weight'));
    if (name) return this.normalized(this.convolved(x, `${path}.${name}.0`, strides), `${path}.${name}.1`);
    const sampled = strides === 1 ? x : (layers.averagePooling2d({ poolSize: 1, strides }).apply(x) as SymbolicTensor);
    const added = channels - x.shape[3]!;
    if (added === 0) return sampled;
    const padding: [[number, number], [number, number]] = [[0, 0], [added / 2, added / 2]]; // prettier-ignore
    // Padding of the last two axes, which channelsFirst takes for an image's, pads width (by 0) and channels.
    return layers.zeroPadding2d({ padding, dataFormat: 'channelsFirst' }).apply(sampled) as SymbolicTensor;
  }

  /** torch pads with (size - 1) / 2 cells on both sides, `same` with fewer before than behind where there is a stride. */
  convolved(x: SymbolicTensor, path: string, strides: number): SymbolicTensor {
    const [filters, channels, size] = this.tree.shape(op, path, 'weight');
    const inputs = x.shape[3]!;
    requireRange(channels === inputs, op, `${this.tree.prefix}${path}.weight must have ${inputs} input channels (no groups)`, channels); // prettier-ignore
    const padding = (size - 1) / 2;
    const padded = padding === 0 ? x : (layers.zeroPadding2d({ padding: [[padding, padding], [padding, padding]] }).apply(x) as SymbolicTensor); // prettier-ignore
    const useBias = this.tree.has(path, 'bias');
    const convolution = layers.conv2d({ name: this.named(path), filters, kernelSize: size, strides, useBias });
    return convolution.apply(padded) as SymbolicTensor;
  }

  normalized(x: SymbolicTensor, path: string): SymbolicTensor {
    return layers.batchNormalization({ name: this.named(path), epsilon, momentum }).apply(x) as SymbolicTensor;
  }

  head(x: SymbolicTensor): SymbolicTensor {
    const name = ['fc', 'linear'].find((each) => this.tree.has(each, 'weight'));
    if (!name) return x;
    const [units] = this.tree.shape(op, name, 'weight');
    const useBias = this.tree.has(name, 'bias');
    return layers.dense({ name: this.named(name), units, useBias }).apply(x) as SymbolicTensor;
  }

  private named(path: string): string {
    this.map[this.tree.prefix + path] = path;
    return path;
  }
}

function rectified(x: SymbolicTensor): SymbolicTensor {
  return layers.reLU().apply(x) as SymbolicTensor;
}

/** torch's MaxPool2d(3, 2, padding 1), whose padding of -infinity is 0 behind a ReLU. */
function pooled(x: SymbolicTensor): SymbolicTensor {
  const padded = layers.zeroPadding2d({ padding: [[1, 1], [1, 1]] }).apply(x); // prettier-ignore
  return layers.maxPooling2d({ poolSize: 3, strides: 2 }).apply(padded) as SymbolicTensor;
}
