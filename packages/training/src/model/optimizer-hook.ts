import { add, mul, tidy, type Optimizer, type Tensor } from '@tensorflow/tfjs-core';
import { override } from './override.js';
import type { PrunableWeight } from './prunable-weight.js';

export interface GradientRules {
  /** Whether pruned weights are 0: they get no gradient and are set to 0 after the optimizer's step. */
  readonly isZeroing: boolean;
  /** Whether the step that is about to be made leaves `weight.gradient`. */
  keepsGradient(): boolean;
  /** What is added to the gradients, one tensor per weight. */
  regularize(): Tensor[] | undefined;
}

type Gradients = Parameters<Optimizer['applyGradients']>[0];

/**
 * Follows every step of an optimizer, whoever makes it. A callback would come too late: tfjs validates before the last
 * `onBatchEnd` of an epoch.
 */
export function hookOptimizer(
  optimizer: Optimizer,
  weights: readonly PrunableWeight[],
  rules: GradientRules,
): () => void {
  const applyGradients = optimizer.applyGradients.bind(optimizer);
  return override(optimizer, 'applyGradients', applyGradients, (gradients) => {
    tidy(() => applyGradients(ruledGradients(gradients, weights, rules)));
    if (rules.isZeroing) weights.forEach((weight) => weight.applyMask());
  });
}

function ruledGradients(gradients: Gradients, weights: readonly PrunableWeight[], rules: GradientRules): Gradients {
  const entries = Array.isArray(gradients)
    ? gradients
    : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
  const added = rules.regularize();
  return entries.map(({ name, tensor }) => {
    const index = weights.findIndex(({ variable }) => variable.name === name);
    if (index < 0 || !tensor) return { name, tensor };
    const weight = weights[index];
    const whole = added ? add(tensor, added[index]) : tensor;
    if (rules.keepsGradient()) weight.keepGradient(whole);
    return { name, tensor: rules.isZeroing && weight.maskTensor ? mul(whole, weight.maskTensor) : whole };
  });
}
