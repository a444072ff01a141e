import type { ConverterPlugin } from '@tfjs-sparse/converter';
import { architectures } from './architectures/convert.js';
import { nvidiaNetwork } from './architectures/nvidia/convert.js';

export { architectures } from './architectures/convert.js';
export {
  filterOfEngine,
  type ConvolutionEngine,
  type ConvolutionFilter,
  type EngineWeight,
} from './engines/filter-of-engine.js';
export { sparseConvRules, type SparseConvRuleOptions } from './engines/convert.js';

/** For `convertFile` and the command line of `@tfjs-sparse/converter`. */
export const converterPlugin: ConverterPlugin = {
  name: '@tfjs-sparse/sparse-conv',
  architectures,
  onnxNetworks: [nvidiaNetwork],
};
