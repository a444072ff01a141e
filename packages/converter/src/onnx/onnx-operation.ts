import { violation } from '@tfjs-sparse/core';
import { FormatError, requireFormat } from '../format-error.js';
import type { TensorBuilder } from '../lowering/tensor-builder.js';
import { numbersOf, type Value } from '../lowering/value.js';
import type { OnnxAttributeMessage } from './messages.js';

/** A node of ONNX that becomes nodes of tfjs. */
export interface OnnxOperation {
  readonly builder: TensorBuilder;
  readonly op: string;
  /** Null for inputs that are left out. */
  readonly inputs: readonly (Value | null)[];
  /** Of inputs that are weights or inputs of the model: the type in the file. */
  readonly types: readonly (string | undefined)[];
  /** How many outputs are named. */
  readonly outputs: number;
  readonly attributes: OnnxAttributes;
  /** Version of the operators. */
  readonly opset: number;
}

/** Gives the outputs in their order; null for one that it cannot give. */
export type OnnxOp = (operation: OnnxOperation) => Value | readonly (Value | null)[];

export class OnnxAttributes {
  readonly #messages: ReadonlyMap<string, OnnxAttributeMessage>;

  /** @param tensors those of attributes, by name */
  constructor(
    private readonly node: string,
    messages: readonly OnnxAttributeMessage[],
    private readonly tensors: ReadonlyMap<string, Value>,
  ) {
    this.#messages = new Map(messages.map((message) => [message.name ?? '', message]));
  }

  has(name: string): boolean {
    return this.#messages.has(name);
  }

  integer(name: string, byDefault?: number): number {
    return this.#given(name, Number(this.#messages.get(name)?.int ?? byDefault ?? NaN));
  }

  number(name: string, byDefault?: number): number {
    return this.#given(name, this.#messages.get(name)?.float ?? byDefault ?? NaN);
  }

  text(name: string, byDefault: string): string {
    const bytes = this.#messages.get(name)?.text;
    return bytes ? new TextDecoder().decode(bytes) : byDefault;
  }

  texts(name: string): string[] {
    return (this.#messages.get(name)?.texts ?? []).map((bytes) => new TextDecoder().decode(bytes));
  }

  integers(name: string): number[] | undefined {
    return this.#messages.get(name)?.ints.map(Number);
  }

  numbers(name: string): number[] | undefined {
    return this.#messages.get(name)?.floats;
  }

  tensor(name: string): Value | undefined {
    return this.tensors.get(name);
  }

  #given(name: string, value: number): number {
    requireFormat(!Number.isNaN(value), 'convert', `${this.node} must have the attribute ${name}`, 'none');
    return value;
  }
}

/** @throws FormatError where the input is left out */
export function input({ op, inputs }: OnnxOperation, index: number): Value {
  const value = inputs[index];
  if (!value) throw new FormatError(violation('convert', `${op} must have ${index + 1} inputs`, inputs.length));
  return value;
}

/** @throws FormatError where only a run knows them */
export function knownInput(operation: OnnxOperation, index: number): readonly number[] {
  const numbers = numbersOf(input(operation, index));
  requireFormat(numbers !== null, 'convert', `input ${index} of ${operation.op} must be known before a run`, 'a value that is computed'); // prettier-ignore
  return numbers;
}

/** Numbers that an attribute gave in older versions, and gives an input since; null where neither does. */
export function integersOf(operation: OnnxOperation, name: string, index: number): readonly number[] | null {
  return operation.attributes.integers(name) ?? (operation.inputs[index] ? knownInput(operation, index) : null);
}
