import type { CallCase } from '../src/run-call.js';
import { badArgumentsCases } from './bad-arguments.js';
import { badSitesCases } from './bad-sites.js';
import type { CaseDefinition } from './define-cases.js';
import { foreignFilterCases } from './foreign-filter.js';
import { fromDenseCases } from './from-dense.js';
import { globalPoolCases } from './global-pool.js';
import { pointOrderCases } from './point-order.js';
import { siteBatchNormCases } from './site-batch-norm.js';
import { sparseConvCases } from './sparse-conv.js';
import { sparseInverseConvCases } from './sparse-inverse-conv.js';
import { submConvCases } from './subm-conv.js';
import { toDenseCases } from './to-dense.js';
import { voxelizeCases } from './voxelize.js';

/** Every case of every op: `cases/<op>.ts` has the data, `golden/<op>.safetensors` what the oracle made of it. */
export const casesByOp: Readonly<Record<string, readonly CaseDefinition[]>> = {
  voxelize: voxelizeCases,
  'subm-conv': submConvCases,
  'sparse-conv': sparseConvCases,
  'sparse-inverse-conv': sparseInverseConvCases,
  'global-pool': globalPoolCases,
  'site-batch-norm': siteBatchNormCases,
  'to-dense': toDenseCases,
  'from-dense': fromDenseCases,
};

/** Calls with a stated behaviour other than values: errors, word for word, and what an order or a backend must not change. */
export const callCases: readonly CallCase[] = [
  ...badSitesCases,
  ...badArgumentsCases,
  ...foreignFilterCases,
  ...pointOrderCases,
];
