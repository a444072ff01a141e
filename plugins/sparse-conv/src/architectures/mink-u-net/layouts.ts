import type { MinkUNetOptions } from '../../blocks/mink-u-net.js';
import { secondNorm } from '../../blocks/second-encoder.js';
import type { ConvolutionEngine } from '../../engines/filter-of-engine.js';

/** Paths of a convolution and of the batch normalization behind it. */
export interface ConvolutionPaths {
  readonly convolution: string;
  readonly norm: string;
}

export interface ResidualPaths {
  readonly convolutions: readonly [ConvolutionPaths, ConvolutionPaths];
  /** Of the shortcut's convolution, where channels change. */
  readonly shortcut: ConvolutionPaths;
}

/** How a repository calls the modules of MinkUNet. Levels count from 1, the finest; blocks from 0. */
export interface MinkUNetLayout {
  readonly name: string;
  readonly engine: ConvolutionEngine;
  /** Of the convolutions' tensors. */
  readonly weight: 'kernel' | 'weight';
  /** What of the network is not as in MinkowskiEngine. */
  readonly options?: Pick<MinkUNetOptions, 'downFilters' | 'norm'>;
  readonly stem: readonly ConvolutionPaths[];
  readonly head: string;
  down(level: number): ConvolutionPaths;
  encoder(level: number, block: number): ResidualPaths;
  /** @param depth number of levels */
  up(level: number, depth: number): ConvolutionPaths;
  decoder(level: number, block: number, depth: number): ResidualPaths;
}

/** spvnas' and its descendants': stem, stage1, up1, classifier. */
const spvnas = {
  name: "torchsparse's (stage1.0.net.0)",
  engine: 'torchsparse',
  weight: 'kernel',
  stem: [sequence('stem', 0), sequence('stem', 3)],
  head: 'classifier.0',
  down: (level) => sequence(`stage${level}.0.net`, 0),
  encoder: (level, block) => residual(`stage${level}.${1 + block}`, 'net', 'downsample'),
  up: (level, depth) => sequence(`up${depth + 1 - level}.0.net`, 0),
  decoder: (level, block, depth) => residual(`up${depth + 1 - level}.1.${block}`, 'net', 'downsample'),
} satisfies MinkUNetLayout;

/** Of torchsparse.backbones: SparseResUNet18 up to version 2.0. */
const downsAndUps = {
  name: "torchsparse.backbones' (downs.0.0.0)",
  engine: 'torchsparse',
  weight: 'kernel',
  stem: spvnas.stem,
  head: spvnas.head,
  down: (level) => sequence(`downs.${level - 1}.0`, 0),
  encoder: (level, block) => residual(`downs.${level - 1}.${1 + block}`, 'main', 'shortcut'),
  up: (level, depth) => sequence(`ups.${depth - level}.0`, 0),
  decoder: (level, block, depth) => residual(`ups.${depth - level}.1.${block}`, 'main', 'shortcut'),
} satisfies MinkUNetLayout;

const encodersAndDecoders = {
  name: "torchsparse.backbones' (encoders.0.0.0)",
  engine: 'torchsparse',
  weight: 'kernel',
  stem: spvnas.stem,
  head: spvnas.head,
  down: (level) => sequence(`encoders.${level - 1}.0`, 0),
  encoder: (level, block) => residual(`encoders.${level - 1}.${1 + block}`, 'main', 'shortcut'),
  up: (level, depth) => sequence(`decoders.${depth - level}.upsample`, 0),
  decoder: (level, block, depth) => residual(`decoders.${depth - level}.fuse.${block}`, 'main', 'shortcut'),
} satisfies MinkUNetLayout;

/** MinkowskiEngine's examples/minkunet.py; convolutions are called by the grid that they start from. */
const minkowskiEngine = {
  name: "MinkowskiEngine's (conv0p1s1, block1)",
  engine: 'minkowskiEngine',
  weight: 'kernel',
  stem: [minkowski('conv0p1s1', 'bn0')],
  head: 'final',
  down: (level) => minkowski(`conv${level}p${2 ** (level - 1)}s2`, `bn${level}`),
  encoder: (level, block) => minkowskiBlock(`block${level}.${block}`),
  up: (level, depth) => minkowski(`convtr${2 * depth - level}p${2 ** level}s2`, `bntr${2 * depth - level}`),
  decoder: (level, block, depth) => minkowskiBlock(`block${2 * depth - level + 1}.${block}`),
} satisfies MinkUNetLayout;

/** Pointcept's SpUNet-v1m1 on spconv 2. */
const spUNet = {
  name: "Pointcept's SpUNet (enc.0.block0)",
  engine: 'spconv2',
  weight: 'weight',
  options: { downFilters: 'coarser', norm: secondNorm },
  stem: [sequence('conv_input', 0)],
  head: 'final',
  down: (level) => sequence(`down.${level - 1}`, 0),
  encoder: (level, block) => spconvBlock(`enc.${level - 1}.block${block}`),
  up: (level) => sequence(`up.${level - 1}`, 0),
  decoder: (level, block) => spconvBlock(`dec.${level - 1}.block${block}`),
} satisfies MinkUNetLayout;

export const minkUNetLayouts: readonly MinkUNetLayout[] = [
  spvnas,
  { ...spvnas, name: "torchsparse's (stem.0.net.0)", stem: [sequence('stem.0.net', 0), sequence('stem.1.net', 0)] },
  downsAndUps,
  encodersAndDecoders,
  minkowskiEngine,
  spUNet,
];

/** Of a Sequential with the convolution at a place and the normalization behind it. */
function sequence(path: string, index: number): ConvolutionPaths {
  return { convolution: `${path}.${index}`, norm: `${path}.${index + 1}` };
}

function residual(path: string, main: string, shortcut: string): ResidualPaths {
  const inside = `${path}.${main}`;
  return { convolutions: [sequence(inside, 0), sequence(inside, 3)], shortcut: sequence(`${path}.${shortcut}`, 0) };
}

/** MinkowskiBatchNorm has a BatchNorm1d inside. */
function minkowski(convolution: string, norm: string): ConvolutionPaths {
  return { convolution, norm: `${norm}.bn` };
}

function minkowskiBlock(path: string): ResidualPaths {
  return {
    convolutions: [minkowski(`${path}.conv1`, `${path}.norm1`), minkowski(`${path}.conv2`, `${path}.norm2`)],
    shortcut: minkowski(`${path}.downsample.0`, `${path}.downsample.1`),
  };
}

function spconvBlock(path: string): ResidualPaths {
  return {
    convolutions: [
      { convolution: `${path}.conv1`, norm: `${path}.bn1` },
      { convolution: `${path}.conv2`, norm: `${path}.bn2` },
    ],
    shortcut: sequence(`${path}.proj`, 0),
  };
}
