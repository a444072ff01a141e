import { requireRange } from '@tfjs-sparse/core';

/** When masks are made anew and how sparse they are; steps count finished optimizer steps. */
export interface SparsitySchedule {
  /** Sparsity in [0, 1] after `step` steps. */
  sparsityAt(step: number): number;
  isUpdate(step: number): boolean;
}

export interface UpdateSteps {
  /** First step with pruned weights; default 0, before training. */
  readonly begin?: number;
  /** Steps between two updates of the masks; default 100. */
  readonly frequency?: number;
}

export interface PolynomialScheduleOptions extends UpdateSteps {
  /** Sparsity at `begin`; default 0. */
  readonly initial?: number;
  /** Sparsity from `end` on. */
  readonly final: number;
  readonly end: number;
  /** Exponent; default 3, the cubic schedule of gradual magnitude pruning (Zhu and Gupta 2017, section 3). */
  readonly power?: number;
}

/**
 * PolynomialDecay of the TensorFlow Model Optimization toolkit: `final + (initial - final) (1 - progress)^power`, updated
 * at `begin` and every `frequency` steps. The last update is at `end`, also where `frequency` does not divide the way.
 */
export function polynomialSchedule(options: PolynomialScheduleOptions): SparsitySchedule {
  const { initial = 0, final, begin = 0, end, power = 3, frequency = 100 } = options;
  requireSparsity(initial);
  requireSparsity(final);
  requireSteps(begin, frequency);
  requireRange(end >= begin, 'polynomialSchedule', `end must be at least begin (${begin})`, end);
  requireRange(power > 0, 'polynomialSchedule', 'power must be above 0', power);
  return {
    sparsityAt: (step) => {
      if (step < begin) return 0;
      if (step >= end) return final;
      return final + (initial - final) * (1 - (step - begin) / (end - begin)) ** power;
    },
    isUpdate: (step) => step === end || (step >= begin && step < end && (step - begin) % frequency === 0),
  };
}

/** ConstantSparsity of the same toolkit: one sparsity from `begin` on, masks chosen anew until `end` (default: once). */
export function constantSchedule(
  sparsity: number,
  options: UpdateSteps & { readonly end?: number } = {},
): SparsitySchedule {
  const { begin = 0, frequency = 100, end = begin } = options;
  requireSparsity(sparsity);
  requireSteps(begin, frequency);
  return {
    sparsityAt: (step) => (step < begin ? 0 : sparsity),
    isUpdate: (step) => step >= begin && step <= end && (step - begin) % frequency === 0,
  };
}

function requireSparsity(sparsity: number): void {
  requireRange(sparsity >= 0 && sparsity <= 1, 'sparsitySchedule', 'sparsity must be in [0, 1]', sparsity);
}

function requireSteps(begin: number, frequency: number): void {
  requireRange(Number.isInteger(begin) && begin >= 0, 'sparsitySchedule', 'begin must be an integer >= 0', begin);
  const isFrequency = Number.isInteger(frequency) && frequency >= 1;
  requireRange(isFrequency, 'sparsitySchedule', 'frequency must be an integer >= 1', frequency);
}
