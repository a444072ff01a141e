import { violation } from '@tfjs-sparse/core';
import { FormatError, requireFormat } from '../format-error.js';
import type { TensorBuilder } from '../lowering/tensor-builder.js';
import { numbersOf, sizesOf, type Length, type Value } from '../lowering/value.js';
import type { FlatTable } from './flat-table.js';
import type { TfliteTensor } from './tflite-model.js';

/** An operator of TFLite that becomes nodes of tfjs. Images are NHWC, as in tfjs. */
export interface TfliteOperation {
  readonly builder: TensorBuilder;
  readonly op: string;
  /** Null for inputs that are left out. */
  readonly inputs: readonly (Value | null)[];
  /** As the file declares them. */
  readonly outputs: readonly TfliteTensor[];
  readonly options: TfliteOptions;
}

/** Gives the outputs in their order. */
export type TfliteOp = (operation: TfliteOperation) => Value | readonly Value[];

/** Fields of an operator's options, by their numbers in TFLite's schema; a field that is not there is 0. */
export class TfliteOptions {
  constructor(private readonly table: FlatTable | null) {}

  /** Of an enumeration. */
  code(field: number): number {
    return this.table?.byte(field) ?? 0;
  }

  flag(field: number): boolean {
    return this.code(field) !== 0;
  }

  integer(field: number, byDefault = 0): number {
    return this.table?.has(field) ? this.table.int32(field) : byDefault;
  }

  number(field: number): number {
    return this.table?.float32(field) ?? 0;
  }

  integers(field: number): number[] {
    return this.table?.numbers(field, 4) ?? [];
  }
}

/** @throws FormatError where the input is left out */
export function input({ op, inputs }: TfliteOperation, index: number): Value {
  const value = inputs[index];
  if (!value) throw new FormatError(violation('readTflite', `${op} must have ${index + 1} inputs`, inputs.length));
  return value;
}

/** @throws FormatError where only a run knows them */
export function knownInput(operation: TfliteOperation, index: number): readonly number[] {
  const numbers = numbersOf(input(operation, index));
  requireFormat(numbers !== null, 'readTflite', `input ${index} of ${operation.op} must be known before a run`, 'a value that is computed'); // prettier-ignore
  return numbers;
}

/** Numbers, with texts for sizes that only a run knows. @throws FormatError for other values */
export function sizesInput(operation: TfliteOperation, index: number): readonly Length[] {
  const sizes = sizesOf(input(operation, index));
  requireFormat(sizes !== null, 'readTflite', `input ${index} of ${operation.op} must be sizes that are known`, 'a value that is computed'); // prettier-ignore
  return sizes;
}

/** @throws FormatError for tensors of other numbers of axes */
export function requireRank({ op }: TfliteOperation, { shape }: Value, rank: number): void {
  requireFormat(shape.length === rank, 'readTflite', `${op} must be of tensors of ${rank} axes`, shape.length);
}
