import {
  constantOf,
  integers,
  numbersAttribute,
  text,
  textAttribute,
  type EpilogueAttributes,
  type GraphNode,
  type Rule,
} from '@tfjs-sparse/converter';
import { readFused } from '../matmul/fused-conversion.js';
import { notNhwc } from '../matmul/weights-conversion.js';
import { graphOp } from './graph-op.js';
import { depthwiseReplacement, dilated, severalOutputs } from './replacement-layers.js';

const kernel = 'depthwiseConv2D';
const sameWeights = 'a faster kernel with the same weights';

/** Depthwise convolutions, whose weights stay dense. */
export const depthwiseRule: Rule = {
  graph: {
    ops: ['DepthwiseConv2dNative', 'DepthwiseConv2d', 'FusedDepthwiseConv2dNative'],
    convert(node) {
      const shape = constantOf(node.inputs[1])?.spec.shape;
      const replacement = depthwiseNode(node, shape);
      if (typeof replacement === 'string') return { shape, kernel: null, reason: replacement };
      return { shape, kernel, reason: sameWeights, replacement };
    },
  },
  layers: {
    ops: ['DepthwiseConv2D'],
    convert(layer) {
      const { shape } = layer.getWeights()[0];
      const replacement = depthwiseReplacement(layer);
      if (typeof replacement === 'string') return { shape, kernel: null, reason: replacement };
      return { shape, kernel, reason: sameWeights, replacement };
    },
  },
};

/** How nodes of this rule hold bias and activation; null for other nodes. */
export function depthwiseEpilogue({ op, inputs }: GraphNode): EpilogueAttributes | null {
  if (op !== graphOp) return null;
  const channels = constantOf(inputs[1])?.spec.shape[2];
  return { hasBias: 'hasFilterBias', activation: 'filterActivation', channels };
}

/** The node on this plugin's kernel, or why it stays. */
function depthwiseNode(node: GraphNode, filterShape: readonly number[] | undefined): GraphNode | string {
  const fused = readFused(node);
  if (typeof fused === 'string') return fused;
  if (fused.next) return `it is fused with ${fused.next.op}`;
  if (!filterShape) return 'its filter is no constant';
  if (filterShape[3] !== 1) return severalOutputs;
  if ((textAttribute(node, 'data_format') ?? 'NHWC') !== 'NHWC') return notNhwc;
  if (numbersAttribute(node, 'dilations')?.some((rate) => rate !== 1)) return dilated;
  const [, down, right] = numbersAttribute(node, 'strides')!;
  const padding = textAttribute(node, 'padding') ?? 'VALID';
  const explicit = padding === 'EXPLICIT' ? numbersAttribute(node, 'explicit_paddings')! : [0, 0, 0, 0, 0, 0, 0, 0];
  return {
    name: node.name,
    op: graphOp,
    inputs: [node.inputs[0], node.inputs[1], ...(fused.bias ? [fused.bias] : [])],
    controls: node.controls,
    attributes: {
      hasFilterBias: { b: fused.bias !== undefined },
      filterActivation: text(fused.activation),
      filterStrides: integers([down, right]),
      padding: text(padding),
      pads: integers(explicit.slice(2, 6)),
    },
  };
}
