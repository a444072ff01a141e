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
  const ordered: O[] = [];
  const givenNames = Object.keys(given);
  for (const output in outputs) {
    const tensor = given[output];
    if (!tensor) break;
    const found = dtypeOf(tensor);
    const isRight = found === outputs[output];
    if (!isRight) requireType(isRight, name, `the kernel must give ${output} as ${outputs[output]}`, found);
    ordered.push(tensor);
  }
  const names = Object.keys(outputs);
  const isComplete = givenNames.length === names.length && ordered.length === names.length;
  if (!isComplete) requireType(isComplete, name, `the kernel must give the outputs [${names.join(', ')}]`, givenNames);
  return ordered;
}
