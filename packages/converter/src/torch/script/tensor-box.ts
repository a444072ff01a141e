import { FormatError } from '../../format-error.js';
import type { Value } from '../../lowering/value.js';
import { reader } from './tokens.js';

/** How a view follows the tensor whose memory it shares. */
export interface View {
  readonly of: TensorBox;
  /** The view of a changed tensor. */
  read(whole: Value): Value;
  /** The tensor with a changed view; null where it cannot be told. */
  readonly write: ((whole: Value, part: Value) => Value) | null;
}

/** A tensor of a script, which ops in place change: a graph has values that stay. */
export class TensorBox {
  #version = 0;
  #seen: number;

  constructor(
    private value: Value,
    private readonly view: View | null = null,
  ) {
    this.#seen = view?.of.version() ?? 0;
  }

  /** Counts the changes of its memory. */
  private version(): number {
    return this.#version + (this.view?.of.version() ?? 0);
  }

  read(): Value {
    const { view } = this;
    const version = view?.of.version() ?? 0;
    if (view && version !== this.#seen) {
      this.value = view.read(view.of.read());
      this.#seen = version;
    }
    return this.value;
  }

  change(value: Value): void {
    const { view } = this;
    if (view) {
      if (!view.write) {
        throw new FormatError(
          `${reader}: an op must not change a view that may share memory in place, got [${value.shape}]`,
        );
      }
      view.of.change(view.write(view.of.read(), value));
      this.#seen = view.of.version();
    } else this.#version++;
    this.value = value;
  }
}

/** A weight: it is the same in every run. */
export class FixedTensor extends TensorBox {
  override change(): void {
    throw new FormatError(`${reader}: a script must not change its buffers and weights, got a change in place`);
  }
}
