import { writeSafetensors, type SafetensorsTensor } from '@tfjs-sparse/core';
import type { CaseDefinition } from '../cases/define-cases.js';
import type { GoldenCaseEntry } from '../src/golden-file.js';
import { evaluateCase } from './evaluate.js';

/** The golden file of one op: all of its cases, tensors prefixed by case id. The same cases give the same bytes. */
export function goldenBytes(cases: readonly CaseDefinition[]): Uint8Array {
  const tensors: [string, SafetensorsTensor][] = [];
  const entries: GoldenCaseEntry[] = [];
  for (const { build } of cases) {
    const source = build();
    const { id, layers, spatialShape, batchSize, tolerance } = source;
    entries.push({ id, layers, spatialShape, batchSize, tolerance });
    for (const [name, tensor] of evaluateCase(source)) tensors.push([`${id}/${name}`, tensor]);
  }
  return writeSafetensors(tensors, [['cases', JSON.stringify(entries)]]);
}
