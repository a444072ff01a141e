import { dimensions, integers, text, texts, type Attribute, type Attributes } from './attributes.js';
import { constantNode } from './constants.js';
import { Graph, type GraphNode } from './graph.js';

/** What a convolution does to its sums behind the bias; null for nothing. */
export type FusedOp = 'Relu' | 'Relu6' | null;

/** How a convolution's windows lie. */
export interface ConvolutionWindows {
  /** Pixels from one window to the next. */
  readonly stride: number | readonly [height: number, width: number];
  /** Pixels from one value of a window to the next; default 1. */
  readonly dilation?: number | readonly [height: number, width: number];
  /** Default SAME. */
  readonly padding?: 'SAME' | 'VALID';
}

/** Writes a graph as tfjs' converter does: frozen, with bias and activation fused into convolutions. */
export class GraphBuilder {
  readonly graph = new Graph({
    artifacts: { format: 'graph-model', modelTopology: { versions: { producer: 1 } } },
    weights: [],
  });

  input(shape: readonly number[]): GraphNode {
    const attributes = { dtype: { type: 'DT_FLOAT' }, shape: { shape: dimensions(shape) } };
    return this.graph.add({ name: 'x', op: 'Placeholder', inputs: [], controls: [], attributes });
  }

  constant(shape: readonly number[], values: Float32Array | Int32Array): GraphNode {
    return this.graph.add(constantNode(`weight_${this.graph.nodes.length}`, shape, values));
  }

  node(op: string, inputs: readonly GraphNode[], attributes: Attributes = {}): GraphNode {
    const name = `${op.toLowerCase()}_${this.graph.nodes.length}`;
    return this.graph.add({ name, op, inputs: inputs.map((node) => ({ node })), controls: [], attributes });
  }

  /** @param filter of shape `[height, width, inChannels, outChannels]` */
  convolution(x: GraphNode, filter: GraphNode, bias: GraphNode, windows: ConvolutionWindows, activation: FusedOp) {
    return this.node('_FusedConv2D', [x, filter, bias], fusedAttributes(windows, activation));
  }

  /** @param filter of shape `[height, width, inChannels, outputs]`, with so many outputs of each channel */
  depthwise(x: GraphNode, filter: GraphNode, bias: GraphNode, windows: ConvolutionWindows, activation: FusedOp) {
    return this.node('FusedDepthwiseConv2dNative', [x, filter, bias], fusedAttributes(windows, activation));
  }

  output(node: GraphNode): void {
    this.graph.addOutput(node);
  }
}

function fusedAttributes(
  { stride, dilation = 1, padding = 'SAME' }: ConvolutionWindows,
  activation: FusedOp,
): Record<string, Attribute> {
  return {
    strides: perAxis(stride),
    dilations: perAxis(dilation),
    padding: text(padding),
    data_format: text('NHWC'),
    num_args: { i: '1' },
    fused_ops: texts(['BiasAdd', ...(activation ? [activation] : [])]),
  };
}

/** Of an NHWC image. */
function perAxis(size: number | readonly [height: number, width: number]): Attribute {
  const [height, width] = typeof size === 'number' ? [size, size] : size;
  return integers([1, height, width, 1]);
}
