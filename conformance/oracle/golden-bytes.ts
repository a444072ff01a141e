import { writeSafetensors, type SafetensorsTensor } from '@tfjs-sparse/core';
import type { CaseDefinition } from '../cases/define-cases.js';
import type { GoldenCaseEntry } from '../src/golden-file.js';
import type { RunnableOperation } from '../src/tensor-operation.js';
import { evaluateCase, type OracleLayer } from './evaluate.js';
import { evaluateTensors } from './evaluate-tensors.js';

/**
 * The golden file of one op: all of its cases, tensors prefixed by case id. The same cases give the same bytes.
 *
 * @param layers    the definitions of all layers that the cases have
 * @param operation of cases with dense tensors
 */
export function goldenBytes(
  cases: readonly CaseDefinition[],
  layers: readonly OracleLayer[],
  operation?: RunnableOperation,
): Uint8Array {
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
      const { spatialShape, batchSize } = source;
      add({ id, layers: source.layers, spatialShape, batchSize, tolerance }, evaluateCase(source, layers));
    }
  }
  return writeSafetensors(tensors, [['cases', JSON.stringify(entries)]]);
}
