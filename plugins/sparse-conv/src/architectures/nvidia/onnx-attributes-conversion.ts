import type { OnnxNodeMessage } from '@tfjs-sparse/converter/checkpoints';
import { requireRange } from '@tfjs-sparse/core';

const mostAxes = 8; // of tensors in such files: batch, channels and 3 axes

/** Attributes of a node, checked as they are read; `op` is in whose name errors are. */
export class OnnxAttributes {
  constructor(
    private readonly op: string,
    private readonly node: OnnxNodeMessage,
  ) {}

  integer(name: string, byDefault?: number): number {
    const { int } = this.#find(name) ?? {};
    const value = int === undefined ? byDefault : Number(int);
    requireRange(Number.isSafeInteger(value), this.op, `${this.node.op} must have an integer as ${name}`, value);
    return value!;
  }

  /** @param count of the numbers; default any */
  integers(name: string, count?: number): number[] {
    const values = (this.#find(name)?.ints ?? []).map(Number);
    const isRight = count === undefined ? values.length >= 1 && values.length <= mostAxes : values.length === count;
    const rule = `${this.node.op} must have ${count ?? `1 to ${mostAxes}`} integers as ${name}`;
    requireRange(isRight && values.every(Number.isSafeInteger), this.op, rule, values);
    return values;
  }

  text(name: string, byDefault: string): string {
    const { text } = this.#find(name) ?? {};
    return text ? new TextDecoder().decode(text) : byDefault;
  }

  #find(name: string) {
    return this.node.attributes.find((attribute) => attribute.name === name);
  }
}
