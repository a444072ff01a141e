// Not a spec itself: reads golden/, whose tensors are PyTorch's, and turns kernels into tfjs' order.
import { readFileSync } from 'node:fs';
import { tensor, type Tensor, tidy, transpose } from '@tensorflow/tfjs-core';
import { readSafetensors, type SafetensorsTensor } from '@tfjs-sparse/core';

export class Golden {
  readonly attributes: Record<string, unknown>;
  readonly #tensors: ReadonlyMap<string, SafetensorsTensor>;

  constructor(name: string) {
    const { tensors, metadata } = readSafetensors(
      readFileSync(new URL(`../golden/${name}.safetensors`, import.meta.url)),
    );
    this.#tensors = tensors;
    this.attributes = JSON.parse(metadata.get('attributes')!) as Record<string, unknown>;
  }

  number(attribute: string): number {
    return this.attributes[attribute] as number;
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  /** Values in the file's order. */
  values(name: string): Float32Array {
    return Float32Array.from(this.#tensor(name).values as Float32Array);
  }

  shape(name: string): number[] {
    return [...this.#tensor(name).shape];
  }

  tensor(name: string): Tensor {
    return tensor(this.values(name), this.shape(name));
  }

  /** `[out, in]` as `[in, out]`, `[out, in, height, width]` as `[height, width, in, out]`. */
  kernel(name: string): Tensor {
    return tidy(() => transpose(this.tensor(name), this.shape(name).length === 4 ? [2, 3, 1, 0] : [1, 0]));
  }

  kernelValues(name: string): Float32Array {
    return tidy(() => this.kernel(name).dataSync().slice() as Float32Array);
  }

  #tensor(name: string): SafetensorsTensor {
    const found = this.#tensors.get(name);
    if (!found) throw new Error(`golden: must hold ${name}, got ${[...this.#tensors.keys()].join(', ')}`);
    return found;
  }
}

/** Largest difference of two equally long lists of numbers. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  return Array.from(expected).reduce((largest, value, i) => Math.max(largest, Math.abs(actual[i] - value)), 0);
}
