/** Shared by both autoencoders. Rows are characters. */
export const recipe = {
  features: 1024,
  k: 16,
  epochs: 20,
  /** Drawn anew for each epoch, in windows of the context's length. */
  rowsPerEpoch: 65536,
  batchSize: 1024,
  learningRate: 1e-3,
  /** Rows after which a silent feature is dead, and AuxK calls it. */
  deadAfter: 200_000,
  auxiliaryFeatures: 64,
  seed: 1,
};

export type Recipe = typeof recipe;
