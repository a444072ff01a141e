import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { layersOf } from '@tfjs-sparse/layers';
import { constantNode, weightValues } from '../graph/constants.js';
import { constantOf, type Graph } from '../graph/graph.js';

/** How many weights become 0: a share of each product's, or all but n of every m inputs of an output. */
export type Pruning = { readonly share: number } | { readonly n: number; readonly m: number };

const products: readonly string[] = ['MatMul', '_FusedMatMul', 'Conv2D', '_FusedConv2D'];
const productLayers: readonly string[] = ['Dense', 'Conv2D'];
const fewestInputs = 8; // filters of fewer channels (of pixels, say) are small, and lose most by it

/**
 * Sets the smallest weights of products to 0, without training (magnitude pruning, Han et al. 2015). Depthwise filters, and
 * those that read fewer than 8 channels, stay.
 *
 * @returns names of the products that it has changed
 */
export async function pruneGraph(graph: Graph, pruning: Pruning): Promise<string[]> {
  const pruned: string[] = [];
  for (const node of [...graph.nodes]) {
    const weight = products.includes(node.op) ? constantOf(node.inputs[1]) : undefined;
    if (weight?.spec.dtype !== 'float32' || node.attributes.transpose_b?.b === true) continue;
    const { shape, name } = weight.spec;
    const values = Float32Array.from(await weightValues(weight));
    if (!isPruned(values, shape, pruning)) continue;
    const constant = constantNode(name, shape, values);
    graph.add(constant);
    node.inputs = [node.inputs[0], { node: constant }, ...node.inputs.slice(2)];
    pruned.push(node.name);
  }
  return pruned;
}

/** The same of `Dense` and `Conv2D` of a layers model; it keeps its layers. */
export async function pruneLayers(model: LayersModel, pruning: Pruning): Promise<string[]> {
  const pruned: string[] = [];
  for (const layer of layersOf(model).filter((each) => productLayers.includes(each.getClassName()))) {
    const [kernel, ...others] = layer.getWeights();
    const values = Float32Array.from(await kernel.data());
    if (!isPruned(values, kernel.shape, pruning)) continue;
    tidy(() => layer.setWeights([tensor(values, kernel.shape), ...others]));
    pruned.push(layer.name);
  }
  return pruned;
}

/** Whether it is a weight that is pruned; its values have changed then. */
function isPruned(values: Float32Array, shape: readonly number[], pruning: Pruning): boolean {
  const [inputs, outputs] = shape.slice(-2);
  const isFitting = inputs >= fewestInputs && ('share' in pruning || inputs % pruning.m === 0);
  if (!isFitting) return false;
  if ('share' in pruning) zeroSmallest(values, allPlaces(values.length), Math.round(pruning.share * values.length));
  else
    for (const group of groupsOf(values.length, outputs, pruning.m)) zeroSmallest(values, group, pruning.m - pruning.n);
  return true;
}

/** `2:4` and the like, or a share of the weights such as `0.9`. @throws RangeError for another text */
export function pruningOf(text: string): Pruning {
  const [, n, m] = /^(\d+):(\d+)$/.exec(text) ?? [];
  const isGroups = n !== undefined && Number(n) < Number(m) && Number(n) > 0;
  const share = Number(text);
  const isShare = n === undefined && text !== '' && share > 0 && share < 1;
  requireRange(isGroups || isShare, 'convert', 'prune must be n:m with n < m, or a share between 0 and 1', text);
  return isGroups ? { n: Number(n), m: Number(m) } : { share };
}

function allPlaces(count: number): number[] {
  return Array.from({ length: count }, (_, place) => place);
}

/** Places of m inputs of one output that lie behind each other. */
function* groupsOf(count: number, outputs: number, m: number): Iterable<number[]> {
  for (let row = 0; row < count / outputs; row += m) {
    for (let output = 0; output < outputs; output++) {
      yield Array.from({ length: m }, (_, i) => (row + i) * outputs + output);
    }
  }
}

/** Of equal ones the first go. */
function zeroSmallest(values: Float32Array, places: number[], count: number): void {
  const sorted = places.sort((a, b) => Math.abs(values[a]) - Math.abs(values[b]) || a - b);
  for (const place of sorted.slice(0, count)) values[place] = 0;
}
