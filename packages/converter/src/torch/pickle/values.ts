/** What a pickle holds, inert: nothing of it runs. */
export type PickleValue =
  | null
  | boolean
  | number
  /** Integers beyond 2^53. */
  | bigint
  | string
  | Uint8Array<ArrayBuffer>
  | PickleList
  | PickleTuple
  | PickleSet
  | PickleDict
  | PickleGlobal
  | PickleObject
  | PickleExtension;

/** What the allowed globals of a reader make: tensors and the like. */
export abstract class PickleExtension {}

export class PickleList {
  readonly items: PickleValue[] = [];
}

export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

export class PickleSet {
  constructor(readonly items: PickleValue[] = []) {}
}

/** A dict, or one of the standard library's kinds of it. */
export class PickleDict {
  /** By key: numbers and strings are different keys, and a tuple is the object that it is. */
  readonly entries = new Map<PickleValue, PickleValue>();
  /** What BUILD sets on it, such as the `_metadata` of a state dict. */
  attributes: PickleDict | null = null;

  constructor(readonly kind: 'dict' | 'OrderedDict' | 'Counter' | 'defaultdict' = 'dict') {}

  get(key: PickleValue): PickleValue | undefined {
    return this.entries.get(key);
  }
}

/** A name in a module, which is a class, a function or a constant there. Never looked up. */
export class PickleGlobal {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}

  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** An object of a class, or the result of a function, that is not known here: what it would have been made of. */
export class PickleObject {
  /** Where it is a list or a dict of a foreign class, what was put into it. */
  readonly items: PickleValue[] = [];
  readonly entries: [PickleValue, PickleValue][] = [];
  /** What BUILD sets. */
  state: PickleValue = null;

  constructor(
    readonly made: PickleGlobal,
    readonly args: readonly PickleValue[],
  ) {}
}
