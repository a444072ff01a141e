import type { ConverterPlugin, RuleSet } from '@tfjs-sparse/converter';
import type { Architecture } from '@tfjs-sparse/converter/checkpoints';
import { dsvtArchitecture } from './architectures/dsvt/convert.js';
import { flatFormerArchitecture } from './architectures/flat-former/convert.js';
import { litePTArchitecture } from './architectures/point-transformers/lite-pt-conversion.js';
import { pointTransformerV3Architecture } from './architectures/point-transformers/ptv3-conversion.js';

import { graphOps } from './graph-ops.js';
import { geluRule } from './gelu/convert.js';
import { layerNormRule } from './layer-norm/convert.js';

export { dsvtArchitecture, type DSVTSettings } from './architectures/dsvt/convert.js';
export { flatFormerArchitecture, type FlatFormerSettings } from './architectures/flat-former/convert.js';
export { litePTArchitecture, type LitePTSettings } from './architectures/point-transformers/lite-pt-conversion.js';
export { pointTransformerV3Architecture } from './architectures/point-transformers/ptv3-conversion.js';
export type { SerializedSettings } from './architectures/point-transformers/settings-conversion.js';

/** Networks of attention over sites that are built from a state dict alone, as their published configurations have them. */
export const architectures: readonly Architecture[] = [
  dsvtArchitecture(),
  flatFormerArchitecture(),
  pointTransformerV3Architecture(),
  litePTArchitecture(),
];

/** Rules that put what is around attention onto this plugin's ops: layer normalizations, and GELUs of any arrangement. */
export function transformerRules(): RuleSet {
  return { rules: [layerNormRule, geluRule], passes: [] };
}

/** For `convertFile` and the command line of `@tfjs-sparse/converter`. */
export const converterPlugin: ConverterPlugin = {
  name: '@tfjs-sparse/window-attention',
  rules: transformerRules(),
  graphOps,
  architectures,
};
