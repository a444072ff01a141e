import {
  absorbEpilogues,
  constantNode,
  constantOf,
  integer,
  isTrue,
  text,
  weightValues,
  type EpilogueAttributes,
  type Graph,
  type GraphNode,
  type Rule,
  type RuleSet,
} from '@tfjs-sparse/converter';
import type { StoredWeight } from '@tfjs-sparse/core';
import { readFused, type FusedParts } from '../matmul/fused-conversion.js';
import { foundWeights, requireNoNaN } from '../matmul/weights-conversion.js';
import { encodePattern } from '../pattern/stored-pattern.js';
import { graphOp } from './graph-op.js';
import { quantizedReplacement } from './layer.js';
import { quantizeWeights } from './quantize.js';

const settings = { bits: 4, groupSize: 32 } as const;
const fewestWeights = 1024; // below, the description takes what is saved
const tooFew = `fewer than ${fewestWeights} weights`;
const kernel = 'quantizedMatMul';
const pattern = 'int4 in groups of 32';

/**
 * Rules that put dense products onto codes of 4 bits in groups of 32 inputs, with a scale and a zero point each: `MatMul` and
 * `_FusedMatMul` of graphs, `Dense` layers. Weights move by up to half a step of their group's range; groups of zeros go.
 */
export function quantizationRules(): RuleSet {
  return { rules: [quantizedRule()], passes: [{ graph: (graph) => absorbEpilogues(graph, epilogueOf) }] };
}

function quantizedRule(): Rule {
  const made = new WeakMap<Graph, Map<StoredWeight, QuantizedNodes>>();
  const replace = quantizedReplacement(settings);
  return {
    graph: {
      ops: ['MatMul', '_FusedMatMul'],
      async convert(node, graph) {
        const weight = constantOf(node.inputs[1]);
        if (weight?.spec.dtype !== 'float32' || weight.spec.shape.length !== 2) return null;
        const values = (await weightValues(weight)) as Float32Array;
        const found = foundWeights(node.name, node.op, weight.spec.shape, values);
        const { shape, sparsity } = found;
        const stays = (reason: string) => ({ shape, sparsity, kernel: null, reason }) as const;
        if (values.length < fewestWeights) return stays(tooFew);
        if (isTrue(node, 'transpose_a')) return stays('its input is transposed');
        const fused = readFused(node);
        if (typeof fused === 'string') return stays(fused);
        requireNoNaN(found, values);
        const isTransposed = isTrue(node, 'transpose_b');
        const known = made.get(graph) ?? new Map<StoredWeight, QuantizedNodes>();
        made.set(graph, known);
        const nodes = known.get(weight)?.isTransposed === isTransposed ? known.get(weight)! : quantized(weight, values, isTransposed); // prettier-ignore
        known.set(weight, nodes);
        const replacement = productNode(node, nodes, fused);
        return { shape, sparsity, pattern, kernel, reason: 'the weights take a sixth of the bytes', replacement };
      },
    },
    layers: {
      ops: ['Dense'],
      async convert(layer) {
        const [weights] = layer.getWeights();
        const values = await weights.data();
        const found = foundWeights(layer.name, layer.getClassName(), weights.shape, values);
        const { shape, sparsity } = found;
        if (values.length < fewestWeights) return { shape, sparsity, kernel: null, reason: tooFew };
        requireNoNaN(found, values);
        const replacement = (await replace(layer))!;
        return { shape, sparsity, pattern, kernel, reason: 'the weights take a sixth of the bytes', replacement };
      },
    },
  };
}

/** The constants of a quantised matrix. */
interface QuantizedNodes {
  readonly isTransposed: boolean;
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly constants: readonly GraphNode[];
}

function quantized(
  { spec: { name, shape } }: StoredWeight,
  values: Float32Array,
  isTransposed: boolean,
): QuantizedNodes {
  const [rows, columns] = shape;
  const [inFeatures, outFeatures] = isTransposed ? [columns, rows] : [rows, columns];
  const dense = isTransposed ? values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]) : values;
  const { weights, scales, zeros } = quantizeWeights(dense, [inFeatures, outFeatures], settings);
  const words = encodePattern(weights.groups);
  const vector = (part: string, elements: Float32Array | Int32Array) =>
    constantNode(`${name}/${part}`, [elements.length], elements);
  const constants = [vector('scales', scales), vector('zeros', zeros), vector('codes', weights.codes), vector('pattern', words)]; // prettier-ignore
  return { isTransposed, inFeatures, outFeatures, constants };
}

function productNode(
  node: GraphNode,
  { constants, inFeatures, outFeatures }: QuantizedNodes,
  { bias, activation, next }: FusedParts,
): GraphNode {
  const product: GraphNode = {
    name: `${node.name}/product`,
    op: graphOp,
    inputs: [node.inputs[0], ...constants.map((constant) => ({ node: constant })), ...(bias ? [bias] : [])],
    controls: node.controls,
    attributes: {
      inFeatures: integer(inFeatures),
      outFeatures: integer(outFeatures),
      bits: integer(settings.bits),
      groupSize: integer(settings.groupSize),
      hasBias: { b: bias !== undefined },
      activation: text(activation),
    },
  };
  if (!next) return product;
  const { op, attributes } = next;
  return { name: '', op, inputs: [{ node: product }, ...next.inputs], controls: [], attributes };
}

function epilogueOf({ op, attributes }: GraphNode): EpilogueAttributes | null {
  if (op !== graphOp) return null;
  const channels = Number(attributes.outFeatures.i);
  return { hasBias: 'hasBias', hasResidual: 'hasResidual', activation: 'activation', channels };
}
