import type { CheckpointTensor } from '../checkpoint/read-checkpoint.js';
import { denseBytes } from '../checkpoint/tensor-summary.js';
import { constantOfBytes } from './stored-constant.js';
import type { TensorBuilder } from './tensor-builder.js';
import type { Value } from './value.js';

/**
 * Weights of a network by name: each is read when a node first needs it, and let go after the last one. While the graph grows
 * around one, the bytes of the next are on their way.
 */
export class NetworkWeights {
  readonly #read = new Map<string, Value>();
  readonly #uses = new Map<string, number>();
  /** Names of those that are not asked for yet, in the order of their uses. */
  readonly #left: Set<string>;
  #ahead: { readonly name: string; readonly bytes: Promise<Uint8Array<ArrayBuffer>> } | null = null;

  /** @param uses names that nodes read, once for each time */
  constructor(
    private readonly builder: TensorBuilder,
    private readonly tensors: ReadonlyMap<string, CheckpointTensor>,
    uses: Iterable<string>,
  ) {
    for (const name of uses) this.#uses.set(name, (this.#uses.get(name) ?? 0) + 1);
    this.#left = new Set([...this.#uses.keys()].filter((name) => tensors.has(name)));
  }

  /** Reads those of the names that are weights. */
  async load(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const tensor = this.#read.has(name) ? undefined : this.tensors.get(name);
      if (!tensor) continue;
      const bytes = await (this.#ahead?.name === name ? this.#ahead.bytes : denseBytes(tensor));
      this.#readAhead(name);
      this.builder.scope = name;
      this.#read.set(name, constantOfBytes(this.builder, tensor, bytes));
    }
  }

  #readAhead(name: string): void {
    this.#left.delete(name);
    const [next] = this.#left;
    if (next === undefined || this.#ahead?.name === next) return;
    const bytes = denseBytes(this.tensors.get(next)!);
    bytes.catch(() => {}); // who needs it hears of it
    this.#ahead = { name: next, bytes };
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
