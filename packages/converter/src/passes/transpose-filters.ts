import { isTrue } from '../graph/attributes.js';
import { constantNode, weightValues } from '../graph/constants.js';
import type { Graph } from '../graph/graph.js';
import { constantOf } from '../graph/graph.js';
import { permutedElements } from '../graph/permuted-elements.js';

/**
 * Lays constant matrices as products read them. tfjs' wasm backend takes a slow way through transposed ones, and adds a fused
 * bias to their first row only.
 */
export async function transposeFilters(graph: Graph): Promise<void> {
  for (const product of graph.nodes.filter((node) => node.op === 'MatMul' && isTrue(node, 'transpose_b'))) {
    const weight = constantOf(product.inputs[1]);
    if (weight?.spec.dtype !== 'float32') continue;
    const [columns, rows] = weight.spec.shape;
    const values = (await weightValues(weight)) as Float32Array;
    const moved = constantNode(product.inputs[1].node.name, [rows, columns], permutedElements(values, [columns, rows], [1, 0])); // prettier-ignore
    product.inputs = [product.inputs[0], { node: graph.add(moved) }];
    product.attributes = { ...product.attributes, transpose_b: { b: false } };
  }
}
