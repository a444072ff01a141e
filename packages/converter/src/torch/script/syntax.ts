/** A number with a decimal point: `2.` and `2` are numbers of different types. */
export class ScriptFloat {
  constructor(readonly value: number) {}
}

export type Expression =
  | { readonly kind: 'literal'; readonly value: null | boolean | number | ScriptFloat | string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
  | {
      readonly kind: 'call';
      readonly callee: Expression;
      readonly args: readonly Expression[];
      readonly named: readonly (readonly [string, Expression])[];
    }
  | { readonly kind: 'item'; readonly of: Expression; readonly index: Expression }
  | { readonly kind: 'list' | 'tuple'; readonly items: readonly Expression[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'choice'; readonly condition: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'operator'; readonly op: string; readonly sides: readonly Expression[] };

export type Statement =
  | { readonly kind: 'assign'; readonly target: Expression; readonly value: Expression }
  | { readonly kind: 'run'; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly yes: readonly Statement[];
      readonly no: readonly Statement[];
    }
  | {
      readonly kind: 'for';
      readonly target: Expression;
      readonly over: Expression;
      readonly body: readonly Statement[];
    }
  | { readonly kind: 'while'; readonly condition: Expression; readonly body: readonly Statement[] }
  | { readonly kind: 'return'; readonly value: Expression };

export interface ScriptFunction {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly byDefault: Expression | null }[];
  readonly body: readonly Statement[];
}

export interface ScriptClass {
  readonly methods: ReadonlyMap<string, ScriptFunction>;
  /** Attributes that are the same for all objects: `Final[int] = 8`. */
  readonly constants: ReadonlyMap<string, Expression>;
}

/** What a file of code has, by names within it. */
export interface ScriptFile {
  readonly classes: ReadonlyMap<string, ScriptClass>;
  readonly functions: ReadonlyMap<string, ScriptFunction>;
}
