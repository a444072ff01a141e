import { isTrue, textAttribute, texts, textsAttribute, type Attributes } from '../graph/attributes.js';
import { constantNode, weightValues } from '../graph/constants.js';
import { constantOf, type Graph, type GraphInput, type GraphNode } from '../graph/graph.js';

/** Products of tfjs, and what they are with a bias and an activation. */
export const fusedOps: Readonly<Record<string, string>> = {
  Conv2D: '_FusedConv2D',
  DepthwiseConv2dNative: 'FusedDepthwiseConv2dNative',
  MatMul: '_FusedMatMul',
};
const activations: readonly string[] = ['Relu', 'Relu6', 'Elu', 'LeakyRelu', 'Sigmoid'];

/**
 * Folds factors and summands of output channels that follow a product (a batch normalization, a bias, a scale) into its
 * weights and one bias, and the activation behind them into the product; also of products that have a bias already.
 */
export async function fuseProducts(graph: Graph): Promise<void> {
  for (const product of [...graph.nodes]) {
    const op = graph.has(product) ? opOf(product) : undefined;
    const filter = op ? constantOf(product.inputs[1]) : undefined;
    if (!op || !filter || !isFusible(product)) continue;
    const channels = channelsOf(op, filter.spec.shape);
    const own = product.op === op ? new Float32Array(channels) : await perChannel(product.inputs[2], channels);
    if (!own) continue;
    const { last, scale, shift } = await affineBehind(graph, product, own);
    const [activation] = onlyTaker(graph, last);
    const isFused = activation !== undefined && activations.includes(activation.op);
    if (last === product && (product.op === op || !isFused)) continue;
    const end = isFused ? activation : last;
    const weights = scale ? await scaledFilter(product, scale) : product.inputs[1];
    const bias = constantNode(`${product.name}/bias`, [channels], shift);
    const names = ['BiasAdd', ...(isFused ? [activation.op] : [])];
    const fused: GraphNode = {
      name: end.name,
      op: fusedOps[op],
      inputs: [product.inputs[0], weights, { node: bias }],
      controls: product.controls,
      attributes: { ...product.attributes, num_args: { i: 1 }, fused_ops: texts(names), ...alphaOf(activation) },
    };
    graph.replace(end, fused);
    if (!graph.outputs.has(fused)) [product.name, fused.name] = [fused.name, product.name]; // reports name the product
  }
}

/** The op of its sums, of a product that does nothing behind a bias; undefined for other nodes. */
function opOf(node: GraphNode): string | undefined {
  if (Object.hasOwn(fusedOps, node.op)) return node.op;
  const isOfBias = node.inputs.length === 3 && textsAttribute(node, 'fused_ops').join() === 'BiasAdd';
  return isOfBias ? Object.keys(fusedOps).find((op) => fusedOps[op] === node.op) : undefined;
}

/** tfjs' wasm backend adds a fused bias to the first row only where a side is transposed. */
export function isFusible(product: GraphNode): boolean {
  const isPlain = !isTrue(product, 'transpose_a') && !isTrue(product, 'transpose_b');
  return isPlain && (textAttribute(product, 'data_format') ?? 'NHWC') === 'NHWC';
}

function alphaOf(activation: GraphNode | undefined): Attributes {
  return activation?.op === 'LeakyRelu' ? { leakyrelu_alpha: activation.attributes.alpha } : {};
}

function channelsOf(op: string, shape: readonly number[]): number {
  if (op === 'MatMul') return shape[1];
  return op === 'Conv2D' ? shape[3] : shape[2] * shape[3];
}

interface Affine {
  /** The last node of it; the product itself for none. */
  readonly last: GraphNode;
  /** Null for 1 everywhere. */
  readonly scale: Float32Array | null;
  readonly shift: Float32Array;
}

/** @param bias that the product has, `[channels]` */
async function affineBehind(graph: Graph, product: GraphNode, bias: Float32Array): Promise<Affine> {
  const channels = bias.length;
  let last = product;
  let scale: Float32Array | null = null;
  let shift = bias;
  for (let [next] = onlyTaker(graph, last); next; [next] = onlyTaker(graph, last)) {
    const isFirst = next.inputs[0]?.node === last;
    const factors = next.inputs.length === 2 ? await perChannel(next.inputs[isFirst ? 1 : 0], channels) : null;
    if (!factors) break;
    if (next.op === 'BiasAdd' || next.op === 'AddV2' || next.op === 'Add')
      shift = shift.map((value, i) => value + factors[i]); // prettier-ignore
    else if (next.op === 'Sub' && isFirst) shift = shift.map((value, i) => value - factors[i]);
    else if (next.op === 'Mul' || (next.op === 'RealDiv' && isFirst)) {
      const by = next.op === 'Mul' ? factors : factors.map((value) => 1 / value);
      scale = by.map((value, i) => value * (scale?.[i] ?? 1));
      shift = shift.map((value, i) => value * by[i]);
    } else break;
    last = next;
  }
  return { last, scale, shift };
}

/** A constant that is one number for each channel of the last axis, or one for all. */
async function perChannel(input: GraphInput, channels: number): Promise<Float32Array | null> {
  const weight = constantOf(input);
  if (weight?.spec.dtype !== 'float32') return null;
  const { shape } = weight.spec;
  const isVector = shape.slice(0, -1).every((length) => length === 1) && [1, channels].includes(shape.at(-1) ?? 1);
  if (!isVector || shape.length > 4) return null;
  const values = await weightValues(weight);
  return Float32Array.from({ length: channels }, (_, i) => values[values.length === 1 ? 0 : i]);
}

/** The only node that takes the first output, in an array; none where there are others, or it is an output of the graph. */
function onlyTaker(graph: Graph, node: GraphNode): readonly [GraphNode] | readonly [] {
  const takers = graph.takersOf(node);
  const isAlone = takers.length === 1 && !graph.outputs.has(node) && takers[0].controls.length === 0;
  return isAlone ? [takers[0]] : [];
}

/** The last axes of every filter are its output channels. */
async function scaledFilter(product: GraphNode, scale: Float32Array): Promise<GraphInput> {
  const weight = constantOf(product.inputs[1])!;
  const values = await weightValues(weight);
  const scaled = Float32Array.from(values, (value, i) => value * scale[i % scale.length]);
  return { node: constantNode(`${product.name}/weights`, weight.spec.shape, scaled) };
}
