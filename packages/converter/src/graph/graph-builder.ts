import { dimensions, integers, text, texts, type Attribute, type Attributes } from './attributes.js';
import { constantNode } from './constants.js';
import { Graph, type GraphNode } from './graph.js';

export type FusedActivation = 'Relu' | 'Relu6' | null;

/** How a convolution's windows lie. */
export interface Windows {
  readonly stride: number;
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
  convolution(x: GraphNode, filter: GraphNode, bias: GraphNode, windows: Windows, activation: FusedActivation) {
    return this.node('_FusedConv2D', [x, filter, bias], fusedAttributes(windows, activation));
  }

  /** @param filter of shape `[height, width, channels, 1]` */
  depthwise(x: GraphNode, filter: GraphNode, bias: GraphNode, windows: Windows, activation: FusedActivation) {
    return this.node('FusedDepthwiseConv2dNative', [x, filter, bias], fusedAttributes(windows, activation));
  }

  output(node: GraphNode): void {
    this.graph.addOutput(node);
  }
}

function fusedAttributes(
  { stride, padding = 'SAME' }: Windows,
  activation: FusedActivation,
): Record<string, Attribute> {
  return {
    strides: integers([1, stride, stride, 1]),
    dilations: integers([1, 1, 1, 1]),
    padding: text(padding),
    data_format: text('NHWC'),
    num_args: { i: '1' },
    fused_ops: texts(['BiasAdd', ...(activation ? [activation] : [])]),
  };
}
