// Everything that cases/ has, found from its folders: what the command line, Karma and the page hand to the runner.
import { sparseTensor } from '@tfjs-sparse/core';
import { collectCases } from './cases/case-file.js';
import { caseFiles } from './case-files.js';
import type { Operations } from './src/operations.js';

export { goldensOf } from './own-goldens.js';

const collected = collectCases(caseFiles);

/** Every op: its file has its cases as data, `golden/<op>.safetensors` what the oracle made of them. */
export const operationCases = collected.operations;

/** Calls with a stated behaviour other than values. */
export const callCases = collected.calls;

/** Of files that peers' software made. */
export const peerReaders = collected.peers;

/** The ops of all plugins, as the runner takes them. */
export const operations: Operations = {
  makeSites: sparseTensor,
  layers: operationCases.flatMap(({ layers }) => layers),
  tensorOperations: operationCases.flatMap(({ tensorOperation }) => tensorOperation ?? []),
};
