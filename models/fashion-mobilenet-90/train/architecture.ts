/** A depthwise 3 x 3 convolution and a 1 x 1 convolution to `channels`. */
export interface Block {
  readonly channels: number;
  readonly stride: 1 | 2;
}

/** Channels of the first convolution, 3 x 3 with stride 2. */
export const firstChannels = 32;

export const blocks: readonly Block[] = [
  { channels: 64, stride: 1 },
  { channels: 128, stride: 2 },
  { channels: 128, stride: 1 },
  { channels: 256, stride: 1 },
  { channels: 256, stride: 2 },
];

export const recipe = {
  dense: { epochs: 10, batchSize: 128, learningRate: 2e-3, seed: 1 },
};
