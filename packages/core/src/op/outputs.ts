import { requireType } from '../errors.js';
import type { Dtype, OpDefinition, OpTypes } from './definition.js';

/**
 * The outputs of a kernel in the order of the definition.
 *
 * @param dtypeOf the dtype that the kernel gave an output
 * @throws TypeError where names or dtypes are not those of the definition
 */
export function orderedOutputs<T extends OpTypes, O extends object>(
  { name, outputs }: OpDefinition<T>,
  given: Readonly<Record<string, O>>,
  dtypeOf: (output: O) => Dtype | string,
): O[] {
  const names = Object.keys(outputs);
  const givenNames = Object.keys(given);
  const isComplete = givenNames.length === names.length && names.every((output) => given[output]);
  requireType(isComplete, name, `the kernel must give the outputs [${names.join(', ')}]`, givenNames);
  return Object.entries<Dtype>(outputs).map(([output, dtype]) => {
    const found = dtypeOf(given[output]);
    requireType(found === dtype, name, `the kernel must give ${output} as ${dtype}`, found);
    return given[output];
  });
}
