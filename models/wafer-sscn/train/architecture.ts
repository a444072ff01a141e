/** What a network is made of; the dense twin has the same. */
export interface Architecture {
  /** Features of an input site. */
  readonly features: number;
  /** From full resolution down, each at half the grid of the one before. */
  readonly stages: readonly { readonly channels: number; readonly convolutions: number }[];
  /** Width of the latent vector. */
  readonly latent: number;
  readonly classes: number;
}

export const architecture: Architecture = {
  features: 4,
  stages: [
    { channels: 16, convolutions: 3 },
    { channels: 24, convolutions: 1 },
    { channels: 32, convolutions: 1 },
    { channels: 64, convolutions: 1 },
  ],
  latent: 24,
  classes: 9,
};

/** How the networks are trained; those of the open-set test shorter, since nine are needed. */
export const recipe = {
  classifier: { epochs: 12, batchSize: 64, learningRate: 4e-3, labelSmoothing: 0.05, seed: 1 },
  openSet: { epochs: 6, batchSize: 64, learningRate: 4e-3, labelSmoothing: 0.05, seed: 1 },
};
