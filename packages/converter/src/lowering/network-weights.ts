import type { CheckpointTensor } from '../checkpoint/read-checkpoint.js';
import { storedConstant } from './stored-constant.js';
import type { TensorBuilder } from './tensor-builder.js';
import type { Value } from './value.js';

/** Weights of a network by name: each is read when a node first needs it, and let go after the last one. */
export class NetworkWeights {
  readonly #read = new Map<string, Value>();
  readonly #uses = new Map<string, number>();

  /** @param uses names that nodes read, once for each time */
  constructor(
    private readonly builder: TensorBuilder,
    private readonly tensors: ReadonlyMap<string, CheckpointTensor>,
    uses: Iterable<string>,
  ) {
    for (const name of uses) this.#uses.set(name, (this.#uses.get(name) ?? 0) + 1);
  }

  /** Reads those of the names that are weights. */
  async load(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const tensor = this.#read.has(name) ? undefined : this.tensors.get(name);
      if (!tensor) continue;
      this.builder.scope = name;
      this.#read.set(name, await storedConstant(this.builder, tensor));
    }
  }

  get(name: string): Value | undefined {
    return this.#read.get(name);
  }

  /** Says that a node has read these. */
  release(names: readonly string[]): void {
    for (const name of names) {
      const left = (this.#uses.get(name) ?? 1) - 1;
      this.#uses.set(name, left);
      if (left <= 0) this.#read.delete(name);
    }
  }
}
