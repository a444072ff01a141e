import {
  builtNetwork,
  ModuleTree,
  type Architecture,
  type BuiltNetwork,
  type Checkpoint,
} from '@tfjs-sparse/converter/checkpoints';
import { requireRange } from '@tfjs-sparse/core';
import { sparseConvRules } from '../../engines/convert.js';
import type { ConvolutionEngine } from '../../engines/filter-of-engine.js';
import { minkUNet } from '../../layers.js';
import { minkUNetLayouts, type ConvolutionPaths, type MinkUNetLayout, type ResidualPaths } from './layouts.js';

const op = 'minkunet';

/**
 * MinkUNet with residual blocks (`minkUNet`), of MinkowskiEngine's examples (MinkUNet14 to 34, also in two dimensions), of
 * torchsparse (spvnas, torchsparse.backbones; without a classifier the network gives features) and of Pointcept (SpUNet on
 * spconv 2).
 */
export const minkUNetArchitecture: Architecture = {
  name: op,
  summary: 'MinkUNet of MinkowskiEngine (14 to 34), torchsparse (spvnas, torchsparse.backbones) and Pointcept (SpUNet)',
  keys: 'conv0p1s1.kernel and block1.0.conv1.kernel, or stem.0.kernel and stage1.0.net.0.kernel, or conv_input.0.weight and enc.0.block0.conv1.weight',
  recognise(checkpoint) {
    const found = layoutOf(checkpoint);
    if (!found) return null;
    const { layout, tree } = found;
    return `modules in the layout of ${layout.name} with ${depthOf(layout, tree)} levels`;
  },
  build,
};

interface Found {
  readonly layout: MinkUNetLayout;
  readonly tree: ModuleTree;
}

function layoutOf(checkpoint: Checkpoint): Found | null {
  for (const layout of minkUNetLayouts) {
    const { convolution } = layout.stem[0];
    const tree = ModuleTree.around(checkpoint, convolution);
    const [first] = layout.encoder(1, 0).convolutions;
    const paths = [convolution, layout.down(1).convolution, first.convolution];
    if (tree && paths.every((path) => tree.has(path, layout.weight))) return { layout, tree };
  }
  return null;
}

function depthOf(layout: MinkUNetLayout, tree: ModuleTree): number {
  return tree.count((level) => layout.down(level + 1).convolution);
}

async function build(checkpoint: Checkpoint): Promise<BuiltNetwork> {
  const found = layoutOf(checkpoint);
  requireRange(found !== null, op, `checkpoint must have ${minkUNetArchitecture.keys}`, `${checkpoint.tensors.length} tensors`); // prettier-ignore
  const { layout, tree } = found;
  requireRange(!tree.has(`${blockOf(layout.encoder(1, 0))}.conv3`), op, 'blocks must have two convolutions', 'bottlenecks'); // prettier-ignore
  const depth = depthOf(layout, tree);
  const levels = Array.from({ length: depth }, (_, i) => i + 1);
  const kernel = (path: string) => sizesOf(layout.engine, tree.shape(op, path, layout.weight));
  const outChannels = (path: string) => kernel(path).outChannels;
  const ofBlock = ({ convolutions: [first] }: ResidualPaths) => outChannels(first.convolution);
  const rank = Math.round(Math.log2(kernel(layout.down(1).convolution).volume)); // kernels of size 2
  const sizeOf = ({ convolution }: ConvolutionPaths) => Math.round(kernel(convolution).volume ** (1 / rank));
  const hasHead = tree.has(layout.head);
  const classes = hasHead ? classesOf(layout, tree) : undefined;
  const encoderBlocks = levels.map((level) => countBlocks(tree, (block) => layout.encoder(level, block)));
  const decoderBlocks = levels.map((level) => countBlocks(tree, (block) => layout.decoder(level, block, depth)));
  const model = minkUNet({
    ...layout.options,
    channels: kernel(layout.stem[0].convolution).inChannels,
    classes,
    planes: [
      outChannels(layout.stem[0].convolution),
      ...levels.map((level) => ofBlock(layout.encoder(level, 0))),
      ...[...levels].reverse().map((level) => ofBlock(layout.decoder(level, 0, depth))),
    ],
    stemKernels: layout.stem.map(sizeOf),
    encoderBlocks,
    decoderBlocks,
    rank,
  });
  const map = mapOf(layout, tree, encoderBlocks, decoderBlocks);
  const rules = [sparseConvRules({ engine: layout.engine })];
  return builtNetwork(op, model, checkpoint, { rules, map });
}

/** Of a weight `[volume, in, out]` or `[in, out]`, of spconv 2 `[out, ...kernel, in]`. */
function sizesOf(engine: ConvolutionEngine, shape: readonly number[]) {
  const last = shape[shape.length - 1];
  if (engine === 'spconv2') {
    const volume = shape.slice(1, -1).reduce((product, size) => product * size, 1);
    return { volume, inChannels: last, outChannels: shape[0] };
  }
  return { volume: shape.length > 2 ? shape[0] : 1, inChannels: shape[shape.length - 2], outChannels: last };
}

/** Of a convolution, or of a Linear, whose weight is `[out, in]`. */
function classesOf({ head, engine }: MinkUNetLayout, tree: ModuleTree): number {
  if (tree.has(head, 'kernel')) return sizesOf(engine, tree.shape(op, head, 'kernel')).outChannels;
  return tree.shape(op, head, 'weight')[0];
}

function blockOf({ convolutions: [{ convolution }] }: ResidualPaths): string {
  return convolution.slice(0, convolution.lastIndexOf('.'));
}

function countBlocks(tree: ModuleTree, at: (block: number) => ResidualPaths): number {
  return tree.count((block) => at(block).convolutions[0].convolution);
}

/** Names of minkUNet's layers by the paths of modules. */
function mapOf(
  layout: MinkUNetLayout,
  tree: ModuleTree,
  encoderBlocks: readonly number[],
  decoderBlocks: readonly number[],
): Record<string, string> {
  const map: Record<string, string> = {};
  const depth = encoderBlocks.length;
  const add = ({ convolution, norm }: ConvolutionPaths, name: string) => {
    map[tree.prefix + convolution] = name;
    map[tree.prefix + norm] = `${name}/norm`;
  };
  const addBlock = ({ convolutions, shortcut }: ResidualPaths, name: string) => {
    convolutions.forEach((paths, i) => add(paths, `${name}/conv${i + 1}`));
    if (tree.has(shortcut.convolution)) add(shortcut, `${name}/shortcut`);
  };
  layout.stem.forEach((paths, i) => add(paths, `stem${i + 1}`));
  for (let level = 1; level <= depth; level++) {
    const name = `level${level}`;
    add(layout.down(level), `${name}/down`);
    add(layout.up(level, depth), `${name}/up`);
    for (let i = 0; i < encoderBlocks[level - 1]; i++) addBlock(layout.encoder(level, i), `${name}/encoder${i}`);
    for (let i = 0; i < decoderBlocks[level - 1]; i++) addBlock(layout.decoder(level, i, depth), `${name}/decoder${i}`);
  }
  if (tree.has(layout.head)) map[tree.prefix + layout.head] = 'head';
  return map;
}
