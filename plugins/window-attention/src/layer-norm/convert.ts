import {
  constantOf,
  integer,
  isTrue,
  weightValues,
  type GraphInput,
  type GraphNode,
  type Rule,
} from '@tfjs-sparse/converter';
import { graphOp } from './graph-op.js';

const sums: readonly string[] = ['AddV2', 'Add'];

/**
 * Layer normalizations as graphs have them, node by node: `(x - mean(x)) / sqrt(mean((x - mean(x))²) + epsilon) * scale +
 * offset`, with a root and a quotient or with the inverse root and a product.
 */
export const layerNormRule: Rule = {
  graph: {
    ops: sums,
    async convert(node) {
      const found = await normalizationOf(node);
      if (!found) return null;
      const { x, scale, offset, axis, epsilon } = found;
      return {
        kernel: 'layerNorm',
        reason: 'one pass over memory',
        replacement: {
          name: node.name,
          op: graphOp,
          inputs: [x, scale, offset],
          controls: [],
          attributes: { axis: integer(axis), epsilon: { f: epsilon } },
        },
      };
    },
  },
};

interface Normalization {
  readonly x: GraphInput;
  readonly scale: GraphInput;
  readonly offset: GraphInput;
  readonly axis: number;
  readonly epsilon: number;
}

async function normalizationOf(node: GraphNode): Promise<Normalization | null> {
  const [scaled, offset] = withVector(node);
  const [standard, scale] = scaled?.node.op === 'Mul' ? withVector(scaled.node) : [];
  if (!standard || !scale || !offset) return null;
  const [centred, spread] = centredAndSpread(standard.node);
  const [variance, addend] = spread && sums.includes(spread.node.op) ? spread.node.inputs : [];
  const epsilon = addend && (await scalarOf(addend));
  const mean = centred && meanBehind(centred.node);
  const axis = mean && (await axisOf(mean));
  if (!variance || epsilon == null || !centred || axis == null) return null;
  const [x] = centred.node.inputs;
  if (!(await isVarianceOf(variance.node, x, axis))) return null;
  return { x, scale, offset, axis, epsilon };
}

/** The inputs of a sum or product: another tensor first, then a constant vector. */
function withVector({ inputs }: GraphNode): readonly GraphInput[] {
  const isVector = (input: GraphInput) => constantOf(input)?.spec.shape.length === 1;
  const [a, b] = inputs;
  if (inputs.length !== 2) return [];
  return isVector(b) ? [a, b] : isVector(a) ? [b, a] : [];
}

/** `x - mean(x)`, and what is under the root. */
function centredAndSpread({ op, inputs: [a, b] }: GraphNode): readonly GraphInput[] {
  if (op === 'RealDiv' && b.node.op === 'Sqrt') return [a, b.node.inputs[0]];
  if (op !== 'Mul') return [];
  if (b.node.op === 'Rsqrt') return [a, b.node.inputs[0]];
  return a.node.op === 'Rsqrt' ? [b, a.node.inputs[0]] : [];
}

/** The mean of `x - mean(x)`. */
function meanBehind({ op, inputs: [x, mean] }: GraphNode): GraphNode | null {
  return op === 'Sub' && isMeanOf(mean.node, x) ? mean.node : null;
}

function isMeanOf(node: GraphNode, x: GraphInput): boolean {
  return node.op === 'Mean' && isTrue(node, 'keep_dims') && isSame(node.inputs[0], x);
}

async function isVarianceOf(node: GraphNode, x: GraphInput, axis: number): Promise<boolean> {
  if (node.op !== 'Mean' || !isTrue(node, 'keep_dims') || (await axisOf(node)) !== axis) return false;
  const { op, inputs } = node.inputs[0].node;
  const isOfMean = async (from: GraphInput, mean: GraphInput) =>
    isSame(from, x) && isMeanOf(mean.node, x) && (await axisOf(mean.node)) === axis;
  if (op === 'SquaredDifference') return (await isOfMean(inputs[0], inputs[1])) || isOfMean(inputs[1], inputs[0]);
  const isSquare = op === 'Square' || (op === 'Mul' && isSame(inputs[0], inputs[1])) || (op === 'Pow' && (await scalarOf(inputs[1])) === 2); // prettier-ignore
  const [difference] = inputs;
  return isSquare && difference.node.op === 'Sub' && isOfMean(difference.node.inputs[0], difference.node.inputs[1]);
}

function isSame(a: GraphInput, b: GraphInput): boolean {
  return a.node === b.node && (a.output ?? '0') === (b.output ?? '0');
}

/** The only axis of a reduction. */
async function axisOf({ inputs }: GraphNode): Promise<number | null> {
  const weight = constantOf(inputs[1]);
  const axes = weight ? await weightValues(weight) : [];
  return axes.length === 1 ? axes[0] : null;
}

async function scalarOf(input: GraphInput): Promise<number | null> {
  const weight = constantOf(input);
  const values = weight ? await weightValues(weight) : [];
  return values.length === 1 ? values[0] : null;
}
