import { mul, sub, tidy, Variable, type Optimizer, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Sets what an optimizer remembers of a variable (momentum, moments, accumulators) to 0, where `isReset` is 1 or, without
 * it, everywhere. Optimizers that do not tell their state, such as Adamax, keep it.
 */
export async function resetOptimizerState(optimizer: Optimizer, variable: string, isReset?: Tensor): Promise<void> {
  for (const { name, tensor } of await stateOf(optimizer)) {
    if (!(tensor instanceof Variable)) {
      tensor.dispose(); // the step counter is made for this call
      continue;
    }
    if (name.startsWith(`${variable}/`)) tidy(() => tensor.assign(mul(tensor, isReset ? sub(1, isReset) : 0)));
  }
}

async function stateOf(optimizer: Optimizer): Promise<{ name: string; tensor: Tensor }[]> {
  try {
    return await optimizer.getWeights();
  } catch {
    return [];
  }
}
