export { architectures } from './architectures/convert.js';
export {
  filterOfEngine,
  type ConvolutionEngine,
  type ConvolutionFilter,
  type EngineWeight,
} from './engines/filter-of-engine.js';
export { sparseConvRules, type SparseConvRuleOptions } from './engines/convert.js';
