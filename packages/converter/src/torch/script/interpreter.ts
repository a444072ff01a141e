import { requireFormat, FormatError } from '../../format-error.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import { builtin, itemAt, keyOf } from './builtins.js';
import { callAten, isCovered } from './call-aten.js';
import { scriptOps } from './script-ops.js';
import {
  boolean,
  itemsOf,
  number,
  refusal,
  ScriptDict,
  ScriptFunctionValue,
  ScriptList,
  ScriptModule,
  ScriptTuple,
  type ScriptValue,
} from './script-values.js';
import type { Expression, ScriptFunction, Statement } from './syntax.js';
import { reader } from './tokens.js';

const mostSteps = 100_000; // statements that are followed: a script can loop
const mostCalls = 200; // one within the other

/** What a script refers to beside its own variables. */
export interface ScriptSurroundings {
  /** `__torch__.torch.nn.functional.relu`. */
  functionAt(path: string): Promise<ScriptFunction | null>;
  /** `CONSTANTS.c0`. */
  constant(name: string): Promise<ScriptValue>;
  attribute(module: ScriptModule, name: string): Promise<ScriptValue | undefined>;
  /** Ops of all the code that are not covered. */
  uncovered(): Promise<readonly string[]>;
}

type Variables = Map<string, ScriptValue>;

/** Follows the code of a script as it runs, with tensors that are nodes of a graph: conditions must be known before a run. */
export class ScriptInterpreter {
  #steps = 0;
  #calls = 0;

  constructor(
    private readonly builder: TensorBuilder,
    private readonly surroundings: ScriptSurroundings,
  ) {}

  async call(
    { code, self }: ScriptFunctionValue,
    args: readonly ScriptValue[],
    named: ReadonlyMap<string, ScriptValue> = new Map(),
  ): Promise<ScriptValue> {
    requireFormat(++this.#calls <= mostCalls, reader, `calls must be at most ${mostCalls} deep`, 'more');
    const { scope } = this.builder;
    if (self) this.builder.scope = self.path;
    const given = self ? [self, ...args] : args;
    const variables: Variables = new Map();
    for (const [i, { name, byDefault }] of code.parameters.entries()) {
      const value = i < given.length ? given[i] : named.get(name);
      requireFormat(
        value !== undefined || byDefault !== null,
        reader,
        `${code.name} must be called with ${name}`,
        'none',
      );
      variables.set(name, value !== undefined ? value : await this.#value(byDefault!, variables));
    }
    const returned = await this.#run(code.body, variables);
    this.builder.scope = scope;
    this.#calls--;
    return returned ?? null;
  }

  /** @returns undefined where no return is met */
  async #run(statements: readonly Statement[], variables: Variables): Promise<ScriptValue | undefined> {
    for (const statement of statements) {
      requireFormat(++this.#steps <= mostSteps, reader, `a script must take at most ${mostSteps} steps`, 'more');
      const returned = await this.#step(statement, variables);
      if (returned !== undefined) return returned;
    }
    return undefined;
  }

  async #step(statement: Statement, variables: Variables): Promise<ScriptValue | undefined> {
    switch (statement.kind) {
      case 'assign':
        this.#assign(statement.target, await this.#value(statement.value, variables), variables);
        return undefined;
      case 'run':
        await this.#value(statement.value, variables);
        return undefined;
      case 'return':
        return this.#value(statement.value, variables);
      case 'if': {
        const isTrue = boolean(await this.#value(statement.condition, variables));
        return this.#run(isTrue ? statement.yes : statement.no, variables);
      }
      case 'while':
        while (boolean(await this.#value(statement.condition, variables))) {
          const returned = await this.#run(statement.body, variables);
          if (returned !== undefined) return returned;
          requireFormat(++this.#steps <= mostSteps, reader, `a script must take at most ${mostSteps} steps`, 'more');
        }
        return undefined;
      case 'for':
        for (const item of await this.#items(statement.over, variables)) {
          this.#assign(statement.target, item, variables);
          const returned = await this.#run(statement.body, variables);
          if (returned !== undefined) return returned;
        }
        return undefined;
    }
  }

  async #items(over: Expression, variables: Variables): Promise<readonly ScriptValue[]> {
    if (over.kind !== 'call' || over.callee.kind !== 'name' || over.callee.name !== 'range') {
      return [...itemsOf(await this.#value(over, variables))];
    }
    const given = (await this.#all(over.args, variables)).map(number);
    const [start, end, step] = given.length === 1 ? [0, given[0], 1] : [given[0], given[1], given[2] ?? 1];
    const count = Math.max(0, Math.ceil((end - start) / step));
    requireFormat(count <= mostSteps, reader, `a script must take at most ${mostSteps} steps`, count);
    return Array.from({ length: count }, (_, i) => start + i * step);
  }

  #assign(target: Expression, value: ScriptValue, variables: Variables): void {
    if (target.kind === 'name') variables.set(target.name, value);
    else if (target.kind === 'tuple' || target.kind === 'list') {
      const items = itemsOf(value);
      requireFormat(items.length === target.items.length, reader, `there must be ${target.items.length} values to unpack`, items.length); // prettier-ignore
      target.items.forEach((each, i) => this.#assign(each, items[i], variables));
    } else throw new FormatError(`${reader}: a script must not change its modules while it runs, got ${target.kind}`);
  }

  async #all(expressions: readonly Expression[], variables: Variables): Promise<ScriptValue[]> {
    const values: ScriptValue[] = [];
    for (const each of expressions) values.push(await this.#value(each, variables));
    return values;
  }

  async #value(expression: Expression, variables: Variables): Promise<ScriptValue> {
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'name': {
        const value = variables.get(expression.name);
        if (value === undefined) throw refusal(`a value as ${expression.name}`, undefined);
        return value;
      }
      case 'list':
        return new ScriptList(await this.#all(expression.items, variables));
      case 'tuple':
        return new ScriptTuple(await this.#all(expression.items, variables));
      case 'dict': {
        const made = new ScriptDict(new Map());
        for (const [key, value] of expression.entries) {
          made.entries.set(keyOf(await this.#value(key, variables)), await this.#value(value, variables));
        }
        return made;
      }
      case 'choice': {
        const isTrue = boolean(await this.#value(expression.condition, variables));
        return this.#value(isTrue ? expression.yes : expression.no, variables);
      }
      case 'item':
        return itemAt(await this.#value(expression.of, variables), await this.#value(expression.index, variables));
      case 'operator':
        return this.#operator(expression.op, expression.sides, variables);
      case 'attribute':
        return this.#attribute(expression, variables);
      case 'call':
        return this.#called(expression, variables);
    }
  }

  async #operator(op: string, sides: readonly Expression[], variables: Variables): Promise<ScriptValue> {
    const left = await this.#value(sides[0], variables);
    if (op === 'and' || op === 'or') return boolean(left) === (op === 'or') ? left : this.#value(sides[1], variables);
    const values = [left, ...(await this.#all(sides.slice(1), variables))];
    const value = builtin(operators[op], values, new Map(), this.builder);
    return value === undefined ? callAten(this.builder, { op: operators[op], args: values, named: new Map() }) : value;
  }

  async #attribute(expression: Expression & { kind: 'attribute' }, variables: Variables): Promise<ScriptValue> {
    const path = pathOf(expression);
    if (path?.startsWith('CONSTANTS.')) return this.surroundings.constant(expression.name);
    if (path?.startsWith('__torch__.') && !variables.has('__torch__')) {
      const code = await this.surroundings.functionAt(path);
      requireFormat(code !== null, reader, 'a script must have the code of what it calls', path);
      return new ScriptFunctionValue(code, null);
    }
    return this.#attributeOf(await this.#value(expression.of, variables), expression.name);
  }

  async #attributeOf(of: ScriptValue, name: string): Promise<ScriptValue> {
    if (!(of instanceof ScriptModule)) throw refusal(`a module that has ${name}`, of);
    const value = await this.surroundings.attribute(of, name);
    if (value !== undefined) return value;
    const method = of.ofClass?.methods.get(name);
    if (method) return new ScriptFunctionValue(method, of);
    const constant = of.ofClass?.constants.get(name);
    if (constant === undefined) throw refusal(`${of.className} with ${name}`, undefined);
    return this.#value(constant, new Map());
  }

  async #called({ callee, args, named }: Expression & { kind: 'call' }, variables: Variables): Promise<ScriptValue> {
    const path = pathOf(callee);
    const isOfScript = path !== null && !variables.has(path.split('.')[0]);
    const name = callee.kind === 'attribute' || callee.kind === 'name' ? callee.name : '';
    if (isOfScript && ['annotate', 'unchecked_cast'].includes(path)) return this.#value(args[1], variables);
    if (isOfScript && path === 'uninitialized') return null;
    const values = await this.#all(args, variables);
    if (isOfScript && path === 'getattr') return this.#attributeOf(values[0], String(values[1]));
    const byName = new Map<string, ScriptValue>();
    for (const [key, value] of named) byName.set(key, await this.#value(value, variables));
    if (isOfScript && /^(torch|ops\.\w+|\w+)(\.\w+)?$/.test(path) && !path.startsWith('__torch__')) {
      return this.#op(name, path, values, byName);
    }
    const called = await this.#value(callee, variables);
    if (!(called instanceof ScriptFunctionValue)) throw refusal('functions where it calls', called);
    return this.call(called, values, byName);
  }

  async #op(
    name: string,
    path: string,
    args: ScriptValue[],
    named: ReadonlyMap<string, ScriptValue>,
  ): Promise<ScriptValue> {
    const value = builtin(name, args, named, this.builder);
    if (value !== undefined) return value;
    if (Object.hasOwn(scriptOps, name)) return this.#named(path, () => scriptOps[name](this.builder, args, named));
    const isKnown = /^(torch|ops\.aten)\./.test(path) && isCovered(name);
    if (isKnown) return this.#named(path, () => callAten(this.builder, { op: name, args, named }));
    const all = [...new Set([path, ...(await this.surroundings.uncovered())])];
    const where = this.builder.scope === '' ? '' : ` (in ${this.builder.scope})`;
    throw new FormatError(`${reader}: ops must be covered, got ${all.join(', ')}${where}`);
  }

  /** Says in an error which op it is about. */
  #named<T>(path: string, make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const where = [path, this.builder.scope].filter(Boolean).join(' of ');
      throw new FormatError(`${error.message} (in ${where})`, { cause: error });
    }
  }
}

const operators: Readonly<Record<string, string>> = {
  not: '__not__',
  '-': 'neg',
  is: '__is__',
  'is not': '__isnot__',
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};

/** `a.b.c`, or null for another expression. */
function pathOf(expression: Expression): string | null {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'attribute') return null;
  const of = pathOf(expression.of);
  return of === null ? null : `${of}.${expression.name}`;
}
