import { labels, lidarChannels } from '@tfjs-sparse/lidar-minkunet';
import type { MinkUNetOptions } from '@tfjs-sparse/sparse-conv/layers';

export const architecture: MinkUNetOptions = {
  channels: lidarChannels,
  classes: labels.length,
  planes: [16, 32, 48, 64, 64, 64, 48, 32, 24],
  encoderBlocks: 1,
  decoderBlocks: 1,
  block: 'residual',
  activation: 'softmax',
};

export interface Recipe {
  /** Simulated scans to train on; their seeds are 1 to this number. */
  readonly scans: number;
  readonly epochs: number;
  /** Scans per step, of each half a turn. */
  readonly batchSize: number;
  /** Peak of the learning rate: a linear rise over 5 % of the steps, then half a cosine down to 0. */
  readonly learningRate: number;
  readonly seed: number;
}

export const recipe: Recipe = { scans: 900, epochs: 5, batchSize: 2, learningRate: 4e-3, seed: 1 };

/** First seeds and numbers of the simulated scans that are not trained on. */
export const validationScans = { first: 1_000_001, count: 12 };
export const testScans = { first: 2_000_001, count: 40 };
