export { compareExecution } from './compare.js';
export { compareValues, type Comparison } from './compare-values.js';
export { applyExpectation, readExpectations, type Expectations } from './expectations.js';
export type { Field, Fields } from './fields.js';
export * as field from './fields.js';
export { matchesGlob } from './glob.js';
export { executeGolden } from './golden-case.js';
export { goldenCases, type GoldenCase, type GoldenCaseEntry, type GoldenLayer, type Tolerance } from './golden-file.js';
export type { Execution, HostOutput } from './host-output.js';
export { layerOf, type Layer, type LayerBase, type LayerCall, type LayerDefinition } from './layer-definition.js';
export type { LayerValue } from './layer-value.js';
export { notCovered, type Operations } from './operations.js';
export { exitCode, formatResult, formatSummary, worstOf, type CaseResult, type Status } from './report.js';
export { prepareEnvironment } from './prepare-environment.js';
export { runCall, type CallCase } from './run-call.js';
export { runCase } from './run-case.js';
export {
  runnableOperation,
  type AsyncTensorOperation,
  type RunnableOperation,
  type TensorOperation,
} from './tensor-operation.js';
