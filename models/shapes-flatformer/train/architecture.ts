import { labels, shapeChannels } from '@tfjs-sparse/shapes-flatformer';

/** Of both networks. */
interface Common {
  readonly channels: number;
  readonly latent: number;
  readonly classes: number;
}

/** Blocks of attention, each on a grid half as fine as the one before. */
export interface FlatFormerArchitecture extends Common {
  readonly kind: 'flatFormer';
  readonly stages: readonly {
    readonly filters: number;
    readonly heads: number;
    /** The axes along which windows lie beside each other. */
    readonly axes: readonly [number, number];
  }[];
  readonly windowSize: readonly number[];
  readonly groupSize: number;
}

/** Submanifold convolutions, each stage behind a strided one that halves the grid. */
export interface ConvolutionArchitecture extends Common {
  readonly kind: 'convolution';
  readonly stages: readonly { readonly filters: number; readonly convolutions: number }[];
}

export type Architecture = FlatFormerArchitecture | ConvolutionArchitecture;

const common = { channels: shapeChannels, latent: 64, classes: labels.length };

export const architectures = {
  flatFormer: {
    kind: 'flatFormer',
    ...common,
    stages: [
      { filters: 36, heads: 3, axes: [1, 2] },
      { filters: 72, heads: 6, axes: [0, 1] },
      { filters: 96, heads: 8, axes: [0, 2] },
    ],
    windowSize: [4, 4, 4],
    groupSize: 64,
  },
  convolution: {
    kind: 'convolution',
    ...common,
    stages: [
      { filters: 24, convolutions: 2 },
      { filters: 48, convolutions: 2 },
      { filters: 80, convolutions: 2 },
    ],
  },
} as const satisfies Readonly<Record<string, Architecture>>;

export interface Recipe {
  readonly steps: number;
  /** Clouds of a step, each drawn for it. */
  readonly batchSize: number;
  /** Peak of the learning rate: a linear rise over 5 % of the steps, then half a cosine down to 0. */
  readonly learningRate: number;
  readonly labelSmoothing: number;
  readonly seed: number;
}

export const recipe: Recipe = { steps: 6000, batchSize: 16, learningRate: 1e-3, labelSmoothing: 0.05, seed: 1 };

/** First seeds and numbers of the clouds that are not trained on. */
export const validationClouds = { first: 1_000_000_001, count: 640 };
export const testClouds = { first: 1_100_000_001, count: 3200 };
