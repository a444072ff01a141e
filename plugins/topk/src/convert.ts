import type { ConverterPlugin, RuleSet } from '@tfjs-sparse/converter';
import type { Architecture } from '@tfjs-sparse/converter/checkpoints';
import { graphOps } from './graph-ops.js';
import { saeArchitecture } from './sparse-autoencoder/architecture-conversion.js';
import { decodeRule } from './sparse-decode/convert.js';
import { scatterRule } from './to-dense/convert.js';

export { saeArchitecture } from './sparse-autoencoder/architecture-conversion.js';
export { saeFromCheckpoint } from './sparse-autoencoder/convert.js';

/** Networks of this plugin's layers that are built from a state dict alone. */
export const architectures: readonly Architecture[] = [saeArchitecture()];

/** Rules for what follows a top-k in graphs: the scatter into zeros, and a product of what comes of it. */
export function topKRules(): RuleSet {
  return { rules: [scatterRule, decodeRule], passes: [] };
}

/** For `convertFile` and the command line of `@tfjs-sparse/converter`. */
export const converterPlugin: ConverterPlugin = {
  name: '@tfjs-sparse/topk',
  rules: topKRules(),
  graphOps,
  architectures,
};
