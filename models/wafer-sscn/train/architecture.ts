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
  features: 5,
  stages: [
    { channels: 32, convolutions: 2 },
    { channels: 32, convolutions: 1 },
    { channels: 48, convolutions: 1 },
    { channels: 64, convolutions: 0 },
  ],
  latent: 32,
  classes: 9,
};

/** How the networks are trained; those of the open-set test shorter, since nine are needed. */
export const recipe = {
  classifier: { epochs: 10, batchSize: 32, learningRate: 5e-3, labelSmoothing: 0.05, seed: 1 },
  openSet: { epochs: 4, batchSize: 32, learningRate: 5e-3, labelSmoothing: 0.05, seed: 1 },
};

/** Share of the validation maps that count as usual. */
export const noveltyQuantile = 0.95;
