import type { DataType, Tensor } from '@tensorflow/tfjs-core';
import { readFields, type Fields } from './fields.js';

/** A tensor in float64: values in row-major order. */
export interface ExactTensor {
  readonly shape: readonly number[];
  readonly values: number[];
}

export type Tensors = Readonly<Record<string, Tensor>>;
export type ExactTensors = Readonly<Record<string, ExactTensor>>;

/** What goldens can hold of tfjs' types. */
export type OperandType = Extract<DataType, 'float32' | 'int32' | 'bool'>;

/** Names and types of the operands of an op on dense tensors. */
export interface Signature {
  /** What the case file, its goldens and their layers are called. */
  readonly op: string;
  readonly inputs: Readonly<Record<string, OperandType>>;
  /** Inputs that a case may leave out. */
  readonly optional?: readonly string[];
  readonly outputs: Readonly<Record<string, OperandType>>;
}

/** What an op on dense tensors is. */
interface DefinedOperation<Attrs extends object> extends Signature {
  /** Readers of what the op takes besides tensors, as JSON holds it. */
  readonly attributes: Fields<Attrs>;
  /** The definition, written from the mathematics and nothing of the kernels. */
  readonly define: (inputs: ExactTensors, attrs: Attrs) => ExactTensors;
  /**
   * Of sum(y * dy) to the inputs that the case wants gradients of; by default the finite differences of `define`, which
   * need a smooth definition and no NaN.
   *
   * @param dy of the outputs that the case differentiates
   */
  readonly gradient?: (
    dy: ExactTensors,
    inputs: ExactTensors,
    attrs: Attrs,
  ) => Readonly<Record<string, readonly number[]>>;
}

/**
 * All that the harness and the oracle must know of an op on dense tensors: how to run it, and what it is. A case file
 * brings it (`cases/sparse-matmul/graph-aggregate.ts`). Its golden has one layer, whose `in` names the inputs.
 */
export interface TensorOperation<Attrs extends object> extends DefinedOperation<Attrs> {
  readonly forward: (inputs: Tensors, attrs: Attrs) => Tensors;
}

/** The same of an op that reads on the host what the device computed. Its cases have no gradients. */
export interface AsyncTensorOperation<Attrs extends object> extends DefinedOperation<Attrs> {
  readonly forwardAsync: (inputs: Tensors, attrs: Attrs) => Promise<Tensors>;
}

/** An operation with the type of its attributes closed over: a list may hold any of them. */
export interface RunnableOperation extends Signature {
  /** @throws RangeError for attributes that the operation does not know */
  bind(attrs: object): BoundOperation;
}

/** An operation with the attributes of one case. */
export interface BoundOperation {
  readonly isAsync: boolean;
  forward(inputs: Tensors): Tensors | Promise<Tensors>;
  define(inputs: ExactTensors): ExactTensors;
  /** null where finite differences are meant */
  gradient(dy: ExactTensors, inputs: ExactTensors): Readonly<Record<string, readonly number[]>> | null;
}

export function runnableOperation<Attrs extends object>(
  operation: TensorOperation<Attrs> | AsyncTensorOperation<Attrs>,
): RunnableOperation {
  const { op, inputs, optional, outputs } = operation;
  const isAsync = 'forwardAsync' in operation;
  const forward = isAsync ? operation.forwardAsync : operation.forward;
  return {
    op,
    inputs,
    optional,
    outputs,
    bind(given) {
      const attrs = readFields(given, operation.attributes, `attrs of ${op}`);
      return {
        isAsync,
        forward: (tensors) => forward(tensors, attrs),
        define: (tensors) => operation.define(tensors, attrs),
        gradient: (dy, tensors) => operation.gradient?.(dy, tensors, attrs) ?? null,
      };
    },
  };
}

/** The golden's tensor of an output; the only one is `out_features`, as everywhere. */
export function outputTensorName({ outputs }: Signature, name: string): string {
  return Object.keys(outputs).length === 1 ? 'out_features' : `out_${name}`;
}

/** The golden's tensor of what is handed back to an output; that of the only one is `cotangent`. */
export function cotangentName({ outputs }: Signature, name: string): string {
  return Object.keys(outputs).length === 1 ? 'cotangent' : `cotangent_${name}`;
}

/**
 * Holds the operands that a case gives against the signature.
 *
 * @throws RangeError for an operand that the op does not name, and for one that is missing
 */
export function requireOperands({ op, inputs, optional = [] }: Signature, given: readonly string[]): void {
  for (const name of given) {
    if (!Object.hasOwn(inputs, name)) {
      throw new RangeError(`${op}: operands must be among [${Object.keys(inputs).join(', ')}], got '${name}'`);
    }
  }
  for (const name of Object.keys(inputs)) {
    if (!given.includes(name) && !optional.includes(name)) {
      throw new RangeError(`${op}: operand '${name}' must be given, got [${given.join(', ')}]`);
    }
  }
}

/** @throws TypeError for another type than the op states */
export function requireOperandType(op: string, what: string, stated: string, given: string): void {
  if (stated !== given) throw new TypeError(`${op}: ${what} must be ${stated}, got ${given}`);
}
