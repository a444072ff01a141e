import { FormatError, requireFormat } from '../format-error.js';
import { violation } from '@tfjs-sparse/core';
import { axisOf } from '../lowering/slicing.js';
import type { TensorBuilder } from '../lowering/tensor-builder.js';
import type { ElementType, Length, Value } from '../lowering/value.js';

export const reader = 'exportedGraph';

/** An argument with its tensors and sizes looked up: texts are texts or names of sizes, as the op's schema has it. */
export type AtenArgument = null | boolean | Length | Value | readonly AtenArgument[];

/** Gives the outputs in their order; null for one that it cannot give. */
export type AtenOp = (operation: AtenOperation) => Value | readonly (Value | null)[];

/** A node of a program of ATen ops that becomes nodes of tfjs. Arguments that a file leaves out have their defaults. */
export class AtenOperation {
  /**
   * @param op without its namespace, such as `add.Tensor`
   * @param dtype of the first output, as the program declares it
   */
  constructor(
    readonly builder: TensorBuilder,
    readonly op: string,
    private readonly given: ReadonlyMap<string, AtenArgument>,
    readonly dtype: ElementType,
  ) {}

  /** Whether it is given, and not as none. */
  has(name: string): boolean {
    return (this.given.get(name) ?? null) !== null;
  }

  tensor(name: string): Value {
    const value = this.tensorOrNull(name);
    return value ?? this.#refuse(name, 'a tensor');
  }

  tensorOrNull(name: string): Value | null {
    const value = this.given.get(name) ?? null;
    return value === null || isValue(value) ? value : this.#refuse(name, 'a tensor');
  }

  tensors(name: string): readonly Value[] {
    const values = this.tensorsOrNull(name);
    return values.every((value) => value !== null) ? values : this.#refuse(name, 'tensors');
  }

  tensorsOrNull(name: string): readonly (Value | null)[] {
    return this.#list(name, (value) => value === null || isValue(value), 'tensors') as readonly (Value | null)[];
  }

  /** A tensor, or a number or size as one; `byDefault` where it is left out. */
  operand(name: string, byDefault?: number): Value {
    const value = this.given.get(name) ?? byDefault;
    if (typeof value === 'number') {
      const isWhole = Number.isInteger(value) && Math.abs(value) < 2 ** 31;
      return this.builder.scalar(value, isWhole ? 'int32' : 'float32');
    }
    if (typeof value === 'boolean') return this.builder.scalar(Number(value), 'bool');
    if (typeof value === 'string') return this.builder.integers([value], []);
    return this.tensor(name);
  }

  number(name: string, byDefault?: number): number {
    const value = this.given.get(name) ?? byDefault;
    if (typeof value === 'boolean') return Number(value);
    return typeof value === 'number' ? value : this.#refuse(name, 'a number');
  }

  length(name: string, byDefault?: Length): Length {
    const value = this.given.get(name) ?? byDefault;
    return typeof value === 'number' || typeof value === 'string' ? value : this.#refuse(name, 'a size');
  }

  lengths(name: string): readonly Length[] {
    return this.#list(name, isLength, 'sizes') as readonly Length[];
  }

  numbers(name: string): readonly number[] {
    return this.#list(name, (value) => typeof value === 'number', 'numbers') as readonly number[];
  }

  /** Numbers of `count` axes of places: ATen repeats one for all, and leaves out what is empty. */
  perPlace(name: string, count: number, byDefault: number): readonly number[] {
    const value = this.given.get(name);
    const given = typeof value === 'number' ? [value] : this.has(name) ? this.numbers(name) : [];
    if (given.length === 0) return Array<number>(count).fill(byDefault);
    return given.length === 1 ? Array<number>(count).fill(given[0]) : given;
  }

  isTrue(name: string, byDefault = false): boolean {
    const value = this.given.get(name) ?? byDefault;
    return typeof value === 'boolean' || typeof value === 'number' ? Boolean(value) : this.#refuse(name, 'a boolean');
  }

  text(name: string, byDefault: string): string {
    const value = this.given.get(name) ?? byDefault;
    return typeof value === 'string' ? value : this.#refuse(name, 'a text');
  }

  /** A non-negative axis of `rank`. */
  axis(name: string, rank: number, byDefault?: number): number {
    return axisOf(this.number(name, byDefault), rank);
  }

  /** Non-negative axes of `rank`, from a list or one; none for all of them. */
  axes(name: string, rank: number): readonly number[] {
    const value = this.given.get(name);
    const given = typeof value === 'number' ? [value] : this.has(name) ? this.numbers(name) : [];
    return given.map((axis) => axisOf(axis, rank));
  }

  #list(name: string, isOne: (value: AtenArgument) => boolean, kind: string): readonly AtenArgument[] {
    const value = this.given.get(name);
    return Array.isArray(value) && value.every(isOne) ? value : this.#refuse(name, kind);
  }

  #refuse(name: string, kind: string): never {
    const value = this.given.get(name);
    const got = value === undefined ? 'none' : typeof value === 'object' && value !== null ? 'another kind' : value;
    throw new FormatError(violation(reader, `aten.${this.op} must have ${kind} as ${name}`, got));
  }
}

function isValue(value: AtenArgument): value is Value {
  return typeof value === 'object' && value !== null && 'node' in value;
}

function isLength(value: AtenArgument): boolean {
  return typeof value === 'number' || typeof value === 'string';
}

/** Refuses ops that train; in a trained network they are identities or read stored statistics. */
export function requireTrained(operation: AtenOperation, flag: string): void {
  const isTraining = operation.isTrue(flag);
  requireFormat(!isTraining, reader, `aten.${operation.op} must be of a network in eval mode`, `${flag} true`);
}
