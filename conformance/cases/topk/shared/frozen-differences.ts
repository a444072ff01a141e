import { finiteDifferences } from '../../../oracle/finite-differences.js';
import type { ExactTensors } from '../../../src/tensor-operation.js';

/**
 * Finite differences of sum(y * dy) to every float input, where `define` takes what has no gradient from the inputs as
 * they were.
 */
export function frozenDifferences(
  dy: ExactTensors,
  inputs: ExactTensors,
  define: (changed: ExactTensors) => ExactTensors,
): Record<string, readonly number[]> {
  const names = Object.keys(inputs).filter((name) => name !== 'dead');
  return Object.fromEntries(
    names.map((name) => {
      const values = [...inputs[name].values];
      const changed = { ...inputs, [name]: { shape: inputs[name].shape, values } };
      const f = () => {
        const outputs = define(changed);
        const products = Object.keys(dy).flatMap((of) => outputs[of].values.map((y, i) => y * dy[of].values[i]));
        return products.reduce((sum, each) => sum + each, 0);
      };
      return [name, finiteDifferences(f, [values])[0]];
    }),
  );
}
