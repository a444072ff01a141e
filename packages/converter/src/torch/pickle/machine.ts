import { FormatError, requireFormat } from '../../format-error.js';
import {
  PickleDict,
  PickleExtension,
  PickleGlobal,
  PickleList,
  PickleObject,
  PickleSet,
  PickleTuple,
  type PickleValue,
} from './values.js';

/** What a reader makes of the names and persistent ids of its pickles. */
export interface PickleContext {
  /** The value of a call of a global that is known; undefined for one that is not, which becomes a placeholder. */
  call(made: PickleGlobal, args: readonly PickleValue[]): PickleValue | undefined;
  /** What a persistent id stands for. @throws FormatError for one that is none */
  persistent(id: PickleValue): PickleValue;
  /** Sets what BUILD gives on a value of the reader's own. @throws FormatError where it takes none */
  build(value: PickleExtension, state: PickleValue): PickleValue;
}

const op = 'unpickle';

/** Python's unpickling machine: a stack, marks on it, and a memo. */
export class PickleMachine {
  readonly #stack: PickleValue[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();

  constructor(private readonly context: PickleContext) {}

  result(): PickleValue {
    requireFormat(this.#stack.length === 1, op, 'one value must be left at the end', this.#stack.length);
    return this.pop();
  }

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  pop(): PickleValue {
    const mark = this.#marks.at(-1) ?? 0;
    requireFormat(this.#stack.length > mark, op, 'the stack must hold a value', 'none');
    return this.#stack.pop()!;
  }

  popCount(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** All above the last mark, which goes too. */
  popMarked(): PickleValue[] {
    const mark = this.#marks.pop();
    requireFormat(mark !== undefined, op, 'there must be a mark', 'none');
    return this.#stack.splice(mark);
  }

  /** @param count null: up to the last mark */
  tuple(count: number | null): void {
    this.push(new PickleTuple(count === null ? this.popMarked() : this.popCount(count)));
  }

  list(): void {
    this.push(new PickleList());
  }

  dict(): void {
    this.push(new PickleDict());
  }

  set(items: PickleValue[]): void {
    this.push(new PickleSet(items));
  }

  append(values: readonly PickleValue[]): void {
    const target = this.#top();
    if (target instanceof PickleList || target instanceof PickleObject) {
      for (const value of values) target.items.push(value);
    } else throw mismatch('a list', target);
  }

  addItems(values: readonly PickleValue[]): void {
    const target = this.#top();
    if (!(target instanceof PickleSet)) throw mismatch('a set', target);
    for (const value of values) target.items.push(value);
  }

  /** @param pairs keys and values in turn */
  setItems(pairs: readonly PickleValue[]): void {
    const target = this.#top();
    requireFormat(pairs.length % 2 === 0, op, 'a dict must get keys and values', pairs.length);
    for (let i = 0; i < pairs.length; i += 2) {
      if (target instanceof PickleDict) target.entries.set(pairs[i], pairs[i + 1]);
      else if (target instanceof PickleObject) target.entries.push([pairs[i], pairs[i + 1]]);
      else throw mismatch('a dict', target);
    }
  }

  global(module: string, name: string): void {
    this.push(new PickleGlobal(module, name));
  }

  stackGlobal(): void {
    const [module, name] = this.popCount(2);
    const areNames = typeof module === 'string' && typeof name === 'string';
    requireFormat(areNames, op, 'names of globals must be texts', [kindOf(module), kindOf(name)]);
    this.global(module as string, name as string);
  }

  /** A call of a global: by the context, or a placeholder. */
  reduce(): void {
    const [made, args] = this.popCount(2);
    if (!(made instanceof PickleGlobal)) throw mismatch('the name of a function', made);
    if (!(args instanceof PickleTuple)) throw mismatch('a tuple of arguments', args);
    this.push(this.context.call(made, args.items) ?? new PickleObject(made, args.items));
  }

  build(): void {
    const state = this.pop();
    const target = this.pop();
    if (target instanceof PickleObject) {
      target.state = state;
    } else if (target instanceof PickleDict) {
      if (!(state instanceof PickleDict)) throw mismatch('a dict of attributes', state);
      target.attributes = state;
    } else if (!(target instanceof PickleExtension)) {
      throw mismatch('an object that takes a state', target);
    }
    this.push(target instanceof PickleExtension ? this.context.build(target, state) : target);
  }

  persistent(): void {
    this.push(this.context.persistent(this.pop()));
  }

  /** @param index null: the next one */
  remember(index: number | null): void {
    this.#memo.set(index ?? this.#memo.size, this.#top());
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    requireFormat(value !== undefined, op, 'the memo must hold a value', `none at ${index}`);
    this.push(value);
  }

  #top(): PickleValue {
    requireFormat(this.#stack.length > (this.#marks.at(-1) ?? 0), op, 'the stack must hold a value', 'none');
    return this.#stack[this.#stack.length - 1];
  }
}

/** For messages. */
export function kindOf(value: PickleValue): string {
  if (value === null) return 'None';
  if (value instanceof PickleGlobal) return value.path;
  if (value instanceof PickleObject) return `an object of ${value.made.path}`;
  if (value instanceof PickleDict) return value.kind;
  if (value instanceof PickleList) return 'a list';
  if (value instanceof PickleTuple) return 'a tuple';
  if (value instanceof PickleSet) return 'a set';
  if (value instanceof Uint8Array) return 'bytes';
  return value instanceof PickleExtension ? 'a value of torch' : `a ${typeof value}`;
}

function mismatch(what: string, value: PickleValue): FormatError {
  return new FormatError(`${op}: there must be ${what}, got ${kindOf(value)}`);
}
