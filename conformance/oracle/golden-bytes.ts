import { writeSafetensors, type SafetensorsTensor } from '@tfjs-sparse/core';
import type { CaseDefinition } from '../cases/define-cases.js';
import type { GoldenCaseEntry } from '../src/golden-file.js';
import type { TensorOperation } from '../src/tensor-operation.js';
import { evaluateCase } from './evaluate.js';
import { evaluateTensors } from './evaluate-tensors.js';

/**
 * The golden file of one op: all of its cases, tensors prefixed by case id. The same cases give the same bytes.
 *
 * @param operation of cases with dense tensors
 */
export function goldenBytes(cases: readonly CaseDefinition[], operation?: TensorOperation): Uint8Array {
  const tensors: [string, SafetensorsTensor][] = [];
  const entries: GoldenCaseEntry[] = [];
  const add = (entry: GoldenCaseEntry, made: readonly [string, SafetensorsTensor][]) => {
    entries.push(entry);
    for (const [name, tensor] of made) tensors.push([`${entry.id}/${name}`, tensor]);
  };
  for (const { build } of cases) {
    const source = build();
    const { id, tolerance } = source;
    if ('inputs' in source) {
      if (!operation) throw new RangeError(`oracle: ${id} must have an operation on tensors, got none`);
      const layer = { name: operation.op, op: operation.op, in: Object.keys(source.inputs), attrs: source.attrs };
      add({ id, layers: [layer], tolerance }, evaluateTensors(source, operation));
    } else {
      const { layers, spatialShape, batchSize } = source;
      add({ id, layers, spatialShape, batchSize, tolerance }, evaluateCase(source));
    }
  }
  return writeSafetensors(tensors, [['cases', JSON.stringify(entries)]]);
}
