import type { OperationCases } from './cases/define-cases.js';
import type { GoldenCase } from './src/golden-file.js';

const remedy = 'run npm run goldens -w conformance';

/**
 * The goldens of an op's cases, in their order.
 *
 * @param stored the cases of `golden/<op>.safetensors`; null where there is no such file
 * @throws RangeError for a case without a golden, or a golden without a case
 */
export function goldensOf({ op, cases }: OperationCases, stored: readonly GoldenCase[] | null): GoldenCase[] {
  if (!stored) throw new RangeError(`conformance: op '${op}' must have golden/${op}.safetensors, got none; ${remedy}`);
  const byId = new Map(stored.map((golden) => [golden.id, golden]));
  const goldens = cases.map(({ id }) => {
    const golden = byId.get(id);
    if (!golden) throw new RangeError(`conformance: golden/${op}.safetensors must have ${id}, got none; ${remedy}`);
    return golden;
  });
  const known = new Set(cases.map(({ id }) => id));
  const other = stored.find(({ id }) => !known.has(id));
  if (other)
    throw new RangeError(`conformance: golden/${op}.safetensors must have its cases only, got ${other.id}; ${remedy}`);
  return goldens;
}

/** @throws RangeError for a file of golden/ that belongs to no op */
export function requireOps(files: readonly string[], operations: readonly OperationCases[]): void {
  const other = files.find((file) => !operations.some(({ op }) => op === file));
  if (other) throw new RangeError(`conformance: golden/${other}.safetensors must belong to an op of cases/, got none`);
}
