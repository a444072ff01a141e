export { rulePass } from './apply-rules.js';
export type { ConverterPlugin, ProductWeight, WeightKernel } from './conversion/converter-plugin.js';
export { convertModel, type ConvertedModel, type ConvertOptions } from './convert-model.js';
export {
  integer,
  integers,
  isTrue,
  numbersAttribute,
  text,
  textAttribute,
  textsAttribute,
  type Attribute,
  type Attributes,
} from './graph/attributes.js';
export { constantNode, pickedConstant, weightValues } from './graph/constants.js';
export { constantOf, Graph, type GraphInput, type GraphNode, type GraphSurroundings } from './graph/graph.js';
export { GraphBuilder, type ConvolutionWindows, type FusedOp } from './graph/graph-builder.js';
export { writeGraph } from './graph/write-graph.js';
export type { ModelLayers } from './model-layers.js';
export { absorbEpilogues, type EpilogueAttributes } from './passes/absorb-epilogues.js';
export { foldPads } from './passes/fold-pads.js';
export { removeUnused } from './passes/remove-unused.js';
export type { Finding, NodeReport } from './report.js';
export type { GraphRule, LayerRule, NodeRule, Outcome, Pass, Rule, RuleSet } from './rule.js';
