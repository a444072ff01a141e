/** Shared by all networks; `k` is of the one with top-k MLPs, `window` of the one whose characters see so many. */
export const architecture = { blocks: 4, width: 128, heads: 4, hiddenUnits: 512, k: 32, context: 256, window: 128 };

export type Architecture = typeof architecture;

/** Of the networks of a longer context: one whose characters see a window of it, one whose characters see all. */
export const longArchitecture: Architecture = { ...architecture, context: 1024 };

/** How both networks are trained: from the same weights, on the same characters. */
export const recipe = {
  steps: 1000,
  batchSize: 8,
  learningRate: 3e-3,
  riseSteps: 100,
  /** First step and the one after the last of each fall of the learning rate. */
  falls: [
    [500, 700],
    [700, 1000],
  ],
  stepsPerEpoch: 100,
  seed: 1,
};

export type Recipe = typeof recipe;

/** As many characters as the others see. */
export const longRecipe: Recipe = {
  ...recipe,
  batchSize: (recipe.batchSize * architecture.context) / longArchitecture.context,
};
