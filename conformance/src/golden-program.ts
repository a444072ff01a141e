import type { GoldenCase } from './golden-file.js';
import { channelsFirst, channelsLast, floatsOf, plainLeaf, requiredTensor, type Leaf } from './golden-tensors.js';
import type { BoundLayer } from './layer-definition.js';
import { layerDefinitionOf, type Operations } from './operations.js';

/** The case with everything brought into our layout. */
export interface GoldenProgram {
  readonly golden: GoldenCase;
  readonly rank: number;
  readonly leaves: readonly Leaf[];
  readonly layers: readonly BoundLayer[];
}

/** @throws RangeError for a layer, a field or a tensor that no definition knows */
export function goldenProgram(golden: GoldenCase, operations: Operations): GoldenProgram {
  const rank = (golden.tensors.get('in_positions') ?? requiredTensor(golden, 'in_coords')).shape[1] - 1;
  const layers = golden.layers.map((layer) => {
    const definition = layerDefinitionOf(layer, operations);
    if (!definition) throw new RangeError(`golden: layer '${layer.name}' must have a known op, got '${layer.op}'`);
    return definition.bind(layer);
  });
  const parameters = layers.flatMap((bound) => bound.leaves(golden, rank));
  const leaves = [inputLeaf(golden), ...operandLeaves(golden), ...parameters];
  requireKnownTensors(golden, layers, leaves);
  return { golden, rank, leaves, layers };
}

function inputLeaf(golden: GoldenCase): Leaf {
  const dense = golden.tensors.get('in_dense');
  if (!dense) return plainLeaf(golden, 'in_features', 'features');
  const [batch, channels, ...spatial] = dense.shape;
  return {
    name: 'dense',
    shape: [batch, ...spatial, channels],
    values: channelsLast(floatsOf(golden, 'in_dense'), dense.shape),
    toGolden: (gradient) => channelsFirst(gradient, dense.shape),
  };
}

/** Features of the operands behind the first: `in2_features`, `in3_features`, … */
function operandLeaves(golden: GoldenCase): Leaf[] {
  return operandNumbers(golden).map((number) => plainLeaf(golden, `in${number}_features`, `features${number}`));
}

function operandNumbers({ tensors }: GoldenCase): number[] {
  const numbers: number[] = [];
  while (tensors.has(`in${numbers.length + 2}_features`)) numbers.push(numbers.length + 2);
  return numbers;
}

function requireKnownTensors(golden: GoldenCase, layers: readonly BoundLayer[], leaves: readonly Leaf[]): void {
  const known = new Set([
    'in_coords',
    'in_positions',
    'in_features',
    'in_dense',
    'out_coords',
    'out_features',
    'cotangent',
  ]);
  for (const number of operandNumbers(golden)) known.add(`in${number}_coords`).add(`in${number}_features`);
  for (const { name } of leaves) known.add(`grad_${name}`);
  for (const { layer, tensors } of layers) {
    for (const kind of ['coords', 'features', ...tensors]) known.add(`${kind}.${layer.name}`);
    for (const kind of tensors) known.add(kind);
  }
  for (const name of golden.tensors.keys()) {
    if (!known.has(name))
      throw new RangeError(`golden: tensors of ${golden.id} must be known to its ops, got '${name}'`);
  }
}
