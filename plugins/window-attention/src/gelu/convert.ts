import { constantOf, text, weightValues, type GraphInput, type Rule } from '@tfjs-sparse/converter';
import type { GeluApproximation } from './attributes.js';
import { graphOp } from './graph-op.js';

/**
 * GELUs as graphs have them, of products, sums and an error function or a hyperbolic tangent in any arrangement: what is
 * computed of one tensor and of numbers is computed here at a few places, and compared.
 */
export const geluRule: Rule = {
  graph: {
    ops: ['Mul'],
    async convert(node) {
      const expression = await expressionOf({ node }, mostDepth);
      if (!expression?.x || !expression.hasCurve) return null;
      const made = samples.map((sample) => expression.at(sample));
      const approximation = approximations.find((each) => isLike(made, samples.map(functions[each]))); // prettier-ignore
      if (!approximation) return null;
      const attributes = { approximation: text(approximation) };
      const replacement = { name: node.name, op: graphOp, inputs: [expression.x], controls: [], attributes };
      return { kernel: 'gelu', reason: 'one pass over memory', replacement };
    },
  },
};

const samples = [-4, -2.5, -1, -0.3, 0.2, 0.9, 1.7, 3.3];
const mostDepth = 8;
const tolerance = 1e-5; // constants of graphs are float32
const approximations: readonly GeluApproximation[] = ['none', 'tanh'];
const functions: Readonly<Record<GeluApproximation, (x: number) => number>> = {
  none: (x) => 0.5 * x * (1 + errorFunction(x * Math.SQRT1_2)),
  tanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
};

function isLike(made: readonly number[], wanted: readonly number[]): boolean {
  return made.every((value, i) => Math.abs(value - wanted[i]) < tolerance);
}

/** What a node computes of each element. */
interface Expression {
  /** The tensor that it is computed of; null for none. */
  readonly x: GraphInput | null;
  /** Whether an error function or a hyperbolic tangent is in it. */
  readonly hasCurve: boolean;
  at(x: number): number;
}

const ofTwo: Readonly<Record<string, (a: number, b: number) => number>> = {
  Mul: (a, b) => a * b,
  AddV2: (a, b) => a + b,
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  RealDiv: (a, b) => a / b,
  Pow: (a, b) => a ** b,
};
const ofOne: Readonly<Record<string, (a: number) => number>> = {
  Square: (a) => a * a,
  Erf: errorFunction,
  Tanh: Math.tanh,
};

/** The expression of an input; null where it is of two tensors. */
async function expressionOf(input: GraphInput, depth: number): Promise<Expression | null> {
  const { node } = input;
  const number = await scalarOf(input);
  if (number !== null) return { x: null, hasCurve: false, at: () => number };
  const isComputed = depth > 0 && input.output === undefined && (Object.hasOwn(ofTwo, node.op) || Object.hasOwn(ofOne, node.op)); // prettier-ignore
  const whole: Expression = { x: input, hasCurve: false, at: (x) => x };
  if (!isComputed) return whole;
  const parts: Expression[] = [];
  for (const each of node.inputs) {
    const part = await expressionOf(each, depth - 1);
    if (!part) return null;
    parts.push(part);
  }
  const tensors = parts.flatMap(({ x }) => x ?? []);
  // Where parts go back to different tensors, the node itself may be the tensor of what is behind it.
  if (tensors.some((each) => each.node !== tensors[0].node)) return whole;
  const [a, b] = parts;
  const at = b ? (x: number) => ofTwo[node.op](a.at(x), b.at(x)) : (x: number) => ofOne[node.op](a.at(x));
  const hasCurve = node.op === 'Erf' || node.op === 'Tanh' || parts.some((part) => part.hasCurve);
  return { x: tensors[0] ?? null, hasCurve, at };
}

async function scalarOf(input: GraphInput): Promise<number | null> {
  const weight = constantOf(input);
  if (weight?.spec.dtype !== 'float32' || weight.spec.shape.some((length) => length !== 1)) return null;
  return (await weightValues(weight))[0];
}

/** Abramowitz and Stegun 7.1.26, to 1.5e-7. */
function errorFunction(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const sum = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}
