import type { io } from '@tensorflow/tfjs-core';
import { requireRange } from '@tfjs-sparse/core';
import { chooseFormat } from '../pattern/choose-format.js';
import { denseElements, packWeights } from '../pattern/pack-weights.js';
import { encodePattern } from '../pattern/stored-pattern.js';
import { absorbFollowers } from './absorb-followers.js';
import { depthwiseNode, isDepthwise, takesPads, withPads, type PaddedImages } from './depthwise-node.js';
import { nodeName, splitInputs, type GraphNode } from './graph-node.js';
import { joinSeparable } from './join-separable.js';
import { outputNames, removeUnused } from './remove-unused.js';
import { asFastDense, formatName, formatReason, sameWeights, shareOfZeros, staysDense } from './report.js';
import type { LayerReport, SparsifyOptions } from './report.js';
import { sparseNodes, type PackedConstant } from './sparse-nodes.js';
import { isProduct, readProduct, type Product } from './sparse-product.js';
import { int32Weight, joinWeights, pickElements, splitWeights, weightValues } from './stored-weights.js';
import type { StoredWeight } from './stored-weights.js';

const name = 'sparsifyGraphModel';

/**
 * The saved model with products whose weights hold zeros on ops with sparse weights, and depthwise convolutions beside
 * them on this plugin's kernel. Other nodes and weights stay as they are, functions of control flow too.
 *
 * @returns the given artifacts where nothing became sparse
 */
export async function rewriteGraph(
  artifacts: io.ModelArtifacts,
  options: SparsifyOptions,
): Promise<{ artifacts: io.ModelArtifacts; layers: LayerReport[] }> {
  const rewriting = new Rewriting(artifacts, options);
  const { node: nodes } = artifacts.modelTopology as { node: GraphNode[] };
  const rewritten: GraphNode[] = [];
  for (const node of nodes) rewritten.push(...(isProduct(node) ? await rewriting.product(node) : [node]));
  const { layers, isChanged } = rewriting;
  if (!isChanged) return { artifacts, layers };
  const all = [...rewriting.constants];
  for (const node of rewritten) all.push(await rewriting.convolution(node));
  const outputs = outputNames(artifacts);
  const fused = absorbFollowers(all, outputs, (input) => rewriting.constant(input)?.spec.shape);
  const kept = removeUnused(joinSeparable(fused, outputs), nodes, outputs);
  const names = new Set(kept.map((node) => node.name));
  const removed = new Set(nodes.map((node) => node.name).filter((each) => !names.has(each)));
  const weights = [...rewriting.weights.values()].filter(({ spec }) => !removed.has(spec.name)); // functions have some too
  const modelTopology = { ...artifacts.modelTopology, node: kept };
  return { artifacts: { ...artifacts, modelTopology, ...joinWeights(weights) }, layers };
}

class Rewriting {
  readonly layers: LayerReport[] = [];
  /** All weights, the new ones too. */
  readonly weights: Map<string, StoredWeight>;
  /** Nodes of the new weights. */
  readonly constants: GraphNode[] = [];
  private readonly nodes: Map<string, GraphNode>;
  private readonly packed = new Map<string, PackedConstant | null>();

  constructor(
    artifacts: io.ModelArtifacts,
    private readonly options: SparsifyOptions,
  ) {
    this.weights = splitWeights(artifacts);
    const { node: nodes } = artifacts.modelTopology as { node: GraphNode[] };
    this.nodes = new Map(nodes.map((node) => [node.name, node]));
  }

  get isChanged(): boolean {
    return this.layers.some(({ format }) => format !== 'dense');
  }

  /** The nodes in place of a product. */
  async product(node: GraphNode): Promise<GraphNode[]> {
    const weight = this.constant(splitInputs(node).values[1]);
    if (!weight || !isPlainMatrix(node, weight)) return [node];
    const values = await weightValues(weight);
    const found = { name: node.name, op: node.op, shape: weight.spec.shape, sparsity: shareOfZeros(values) };
    const report = (format: string, reason: string) => this.layers.push({ ...found, format, reason });
    requireNumbers(values, node.name);
    const product = readProduct(node);
    const obstacle =
      typeof product === 'string' ? product : (this.biasObstacle(product, weight) ?? staysDense(found, this.options));
    if (typeof product === 'string' || obstacle) {
      report('dense', obstacle!);
      return [node];
    }
    const packed = this.pack(weight, values, product.isTransposed);
    report(packed ? formatName(packed.format) : 'dense', packed ? formatReason(packed.format) : asFastDense);
    if (!packed) return [node];
    return sparseNodes(node, product, packed);
  }

  /** A convolution with the padding before it as its own, a depthwise one on this plugin's kernel; other nodes as they are. */
  async convolution(node: GraphNode): Promise<GraphNode> {
    const isDense = node.op === 'Conv2D' || node.op === '_FusedConv2D';
    if (!isDense && !isDepthwise(node)) return node;
    const [x, filter] = splitInputs(node).values;
    const padded = takesPads(node) ? await this.paddedImages(x) : null;
    if (isDense) return padded ? withPads(node, padded) : node;
    const shape = this.constant(filter)?.spec.shape;
    const result = depthwiseNode(node, shape, padded);
    const isLeft = typeof result === 'string';
    const [format, reason] = isLeft ? ['dense', result] : ['depthwise', sameWeights];
    this.layers.push({ name: node.name, op: node.op, shape: shape ?? [], sparsity: 0, format, reason });
    return isLeft ? node : result;
  }

  /** What the padding node behind an input pads, and how; null for other nodes. */
  private async paddedImages(input: string): Promise<PaddedImages | null> {
    const node = this.nodes.get(nodeName(input));
    if (node?.op !== 'Pad') return null;
    const { values, controls } = splitInputs(node);
    const amounts = this.constant(values[1]);
    if (!amounts || controls.length > 0) return null;
    const [batchBefore, batchBehind, top, bottom, left, right, ...channels] = await weightValues(amounts);
    const isOfImages = channels.length === 2 && [batchBefore, batchBehind, ...channels].every((size) => size === 0);
    return isOfImages ? { x: values[0], pads: [top, bottom, left, right] } : null;
  }

  /** The constant that an input is, through copies. */
  constant(input: string): StoredWeight | undefined {
    const node = this.nodes.get(nodeName(input));
    return node?.op === 'Identity' ? this.constant(node.input![0]) : this.weights.get(nodeName(input));
  }

  private biasObstacle({ bias, isTransposed }: Product, { spec }: StoredWeight): string | null {
    if (bias === undefined) return null;
    const shape = this.constant(bias)?.spec.shape;
    const outFeatures = spec.shape[spec.shape.length - (isTransposed ? 2 : 1)];
    return shape?.length === 1 && shape[0] === outFeatures ? null : 'its bias is no constant of one value per output';
  }

  private pack(weight: StoredWeight, values: Float32Array, isTransposed: boolean): PackedConstant | null {
    const { name: constant, shape } = weight.spec;
    const key = `${constant} ${isTransposed}`;
    const known = this.packed.get(key);
    if (known !== undefined) return known;
    const [rows, columns] = shape.slice(-2);
    const size: [number, number] = isTransposed ? [columns, rows] : [rows, columns];
    const dense = isTransposed ? transposed(values, rows, columns) : values;
    const format = chooseFormat(dense, size);
    let packed: PackedConstant | null = null;
    if (format) {
      const { pattern } = packWeights(dense, size, format);
      const elements = denseElements(pattern);
      if (isTransposed) elements.forEach((e, i) => (elements[i] = (e % rows) * columns + Math.floor(e / rows)));
      packed = {
        format,
        inFeatures: size[0],
        outFeatures: size[1],
        values: this.freeName(`${constant}/values`),
        pattern: this.freeName(`${constant}/pattern`),
      };
      const blocks = [pattern.blockCount, pattern.blockOutputs];
      this.addConstant(pickElements(weight, elements, packed.values, blocks), 'DT_FLOAT');
      this.addConstant(int32Weight(packed.pattern, encodePattern(pattern)), 'DT_INT32');
    }
    this.packed.set(key, packed);
    return packed;
  }

  private addConstant(weight: StoredWeight, type: string): void {
    const { name: constant, shape } = weight.spec;
    this.weights.set(constant, weight);
    const tensorShape = { dim: shape.map((size) => ({ size })) };
    const value = { tensor: { dtype: type, tensorShape } };
    this.constants.push({ name: constant, op: 'Const', attr: { dtype: { type }, value } });
  }

  private freeName(wanted: string): string {
    return this.nodes.has(wanted) || this.weights.has(wanted) ? this.freeName(`${wanted}_`) : wanted;
  }
}

function isPlainMatrix(node: GraphNode, { spec }: StoredWeight): boolean {
  const { shape, dtype } = spec;
  const isFilter = shape.length === 4 && shape[0] === 1 && shape[1] === 1;
  return dtype === 'float32' && (node.op.includes('MatMul') ? shape.length === 2 : isFilter);
}

function requireNumbers(values: Float32Array, node: string): void {
  const invalid = values.findIndex(Number.isNaN);
  requireRange(invalid < 0, name, `weights of ${node} must be numbers`, `NaN at element ${invalid}`);
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
}
