export { compareExecution, compareValues, type Comparison } from './compare.js';
export { applyExpectation, readExpectations, type Expectations } from './expectations.js';
export { matchesGlob } from './glob.js';
export { executeGolden, type Execution } from './golden-case.js';
export { goldenCases, type GoldenCase, type GoldenCaseEntry, type GoldenLayer, type Tolerance } from './golden-file.js';
export { notCovered } from './not-covered.js';
export type * from './ops.js';
export { exitCode, formatResult, formatSummary, worstOf, type CaseResult, type Status } from './report.js';
export { prepareEnvironment, runCase } from './run-case.js';
