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

/** How the networks are trained; the sparse ones start from the dense one and also learn its answers. */
export const recipe = {
  dense: { epochs: 10, batchSize: 128, learningRate: 2e-3, seed: 1 },
  sparse: { epochs: 7, batchSize: 128, learningRate: 2e-3, seed: 2 },
  nm: { epochs: 4, batchSize: 128, learningRate: 1e-3, seed: 3 },
};

/** Of the 1 x 1 convolutions' weights; the first convolution, the depthwise ones and the dense layer keep theirs. */
export const sparsity = 0.9;
/** Epochs in which the sparsity rises; the masks stay in the others. */
export const pruningEpochs = 4;
/** Optimizer steps between two prunings. */
export const pruningFrequency = 50;
export const pattern = { n: 2, m: 4 };

/** Share of the targets that the dense network's answers make when a sparse one is trained. */
export const teacherShare = 0.5;
