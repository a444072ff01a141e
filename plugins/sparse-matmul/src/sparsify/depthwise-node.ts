import { graphOps } from './register.js';
import { integers, numbersAttribute, splitInputs, text, textAttribute, type GraphNode } from './graph-node.js';
import { dilated, notNhwc, severalOutputs } from './report.js';
import { readFused } from './sparse-product.js';

/** Ops of tfjs' graphs that convolve every channel with a filter of its own. */
export function isDepthwise({ op }: GraphNode): boolean {
  return ['DepthwiseConv2dNative', 'DepthwiseConv2d', 'FusedDepthwiseConv2dNative'].includes(op);
}

/** Zeros around images: `[top, bottom, left, right]`. */
export type Pads = readonly [top: number, bottom: number, left: number, right: number];

/** A node that only puts zeros around images. */
export interface PaddedImages {
  /** Its input. */
  readonly x: string;
  readonly pads: Pads;
}

/**
 * The node on this plugin's depthwise kernel, or why it stays.
 *
 * @param filterShape `[height, width, channels, multiplier]`, undefined where it is not constant
 * @param padded what the node's input is, where a node before it pads and `takesPads` holds
 */
export function depthwiseNode(
  node: GraphNode,
  filterShape: readonly number[] | undefined,
  padded: PaddedImages | null,
): GraphNode | string {
  const { values, controls } = splitInputs(node);
  const fused = readFused(node, values);
  if (typeof fused === 'string') return fused;
  if (fused.next) return `it is fused with ${fused.next.op}`;
  if (filterShape?.[3] !== 1) return severalOutputs;
  if ((textAttribute(node, 'data_format') ?? 'NHWC') !== 'NHWC') return notNhwc;
  if (numbersAttribute(node, 'dilations')?.some((rate) => rate !== 1)) return dilated;
  const [, down, right] = numbersAttribute(node, 'strides')!;
  const { padding, pads } = paddingOf(node);
  return {
    name: node.name,
    op: graphOps.depthwise,
    input: [padded?.x ?? values[0], values[1], ...(fused.bias ? [fused.bias] : []), ...controls],
    attr: {
      hasFilterBias: { b: fused.bias !== undefined },
      filterActivation: text(fused.activation),
      filterStrides: integers([down, right]),
      padding: text(padded ? 'EXPLICIT' : padding),
      pads: integers(padded?.pads ?? pads),
    },
  };
}

/** Whether zeros that a node before it puts around the images may be its own. */
export function takesPads(node: GraphNode): boolean {
  return paddingOf(node).padding === 'VALID' && (textAttribute(node, 'data_format') ?? 'NHWC') === 'NHWC';
}

/** A dense convolution with the padding before it as its own. */
export function withPads(node: GraphNode, { x, pads }: PaddedImages): GraphNode {
  const own = { padding: text('EXPLICIT'), explicit_paddings: integers([0, 0, ...pads, 0, 0]) };
  return { ...node, input: [x, ...node.input!.slice(1)], attr: { ...node.attr, ...own } };
}

function paddingOf(node: GraphNode): { padding: string; pads: number[] } {
  const padding = textAttribute(node, 'padding') ?? 'VALID';
  const isExplicit = padding === 'EXPLICIT';
  return { padding, pads: isExplicit ? numbersAttribute(node, 'explicit_paddings')!.slice(2, 6) : [0, 0, 0, 0] };
}
