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

/** AttributeProto.AttributeType. */
const types = { float: 1, int: 2, text: 3 };

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
    return this.#given(name, Number(this.#one(name, 'int', types.int, 0n) ?? byDefault ?? NaN));
  }

  number(name: string, byDefault?: number): number {
    return this.#given(name, this.#one(name, 'float', types.float, 0) ?? byDefault ?? NaN);
  }

  text(name: string, byDefault: string): string {
    const bytes = this.#one(name, 'text', types.text, new Uint8Array(0));
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

  /** What an attribute holds; writers of proto3 leave out what is 0 or empty. */
  #one<K extends 'int' | 'float' | 'text'>(
    name: string,
    kind: K,
    type: number,
    empty: NonNullable<OnnxAttributeMessage[K]>,
  ): OnnxAttributeMessage[K] {
    const message = this.#messages.get(name);
    if (!message || message[kind] !== undefined) return message?.[kind];
    requireFormat(message.type === type, 'convert', `${this.node} must have the attribute ${name} as one ${kind}`, `type ${message.type}`); // prettier-ignore
    return empty;
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
