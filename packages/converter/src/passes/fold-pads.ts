import { integers, text, textAttribute } from '../graph/attributes.js';
import { weightValues } from '../graph/constants.js';
import { constantOf, type Graph, type GraphInput, type GraphNode } from '../graph/graph.js';

const convolutions: readonly string[] = [
  'Conv2D',
  '_FusedConv2D',
  'DepthwiseConv2dNative',
  'DepthwiseConv2d',
  'FusedDepthwiseConv2dNative',
];

/** Lets convolutions of NHWC images put the zeros around them that a `Pad` before them does. */
export async function foldPads(graph: Graph): Promise<void> {
  for (const node of graph.nodes.filter(takesPads)) {
    const padded = await paddedImages(node.inputs[0].node);
    if (!padded) continue;
    const explicit = integers([0, 0, ...padded.pads, 0, 0]);
    node.inputs = [padded.x, ...node.inputs.slice(1)];
    node.attributes = { ...node.attributes, padding: text('EXPLICIT'), explicit_paddings: explicit };
  }
}

function takesPads(node: GraphNode): boolean {
  const isOfImages = (textAttribute(node, 'data_format') ?? 'NHWC') === 'NHWC';
  return convolutions.includes(node.op) && isOfImages && textAttribute(node, 'padding') === 'VALID';
}

interface PaddedImages {
  readonly x: GraphInput;
  /** `[top, bottom, left, right]`. */
  readonly pads: readonly number[];
}

/** What a node pads, where it only puts zeros around images. */
async function paddedImages({ op, inputs, controls }: GraphNode): Promise<PaddedImages | null> {
  const amounts = op === 'Pad' && controls.length === 0 ? constantOf(inputs[1]) : undefined;
  if (!amounts) return null;
  const [batchBefore, batchBehind, top, bottom, left, right, ...channels] = await weightValues(amounts);
  const isOfImages = channels.length === 2 && [batchBefore, batchBehind, ...channels].every((size) => size === 0);
  return isOfImages ? { x: inputs[0], pads: [top, bottom, left, right] } : null;
}
