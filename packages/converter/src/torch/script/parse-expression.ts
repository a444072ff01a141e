import { FormatError, requireFormat } from '../../format-error.js';
import { ScriptFloat, type Expression } from './syntax.js';
import { reader, type Token } from './tokens.js';

const mostDepth = 200; // a hostile file could nest without an end
const constants: Readonly<Record<string, null | boolean | ScriptFloat>> = {
  None: null,
  True: true,
  False: false,
  inf: new ScriptFloat(Infinity),
  nan: new ScriptFloat(NaN),
};
const comparisons = ['==', '!=', '<', '<=', '>', '>='];

/** Reads the tokens of a file from front to back. */
export class ExpressionParser {
  #at = 0;
  #depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    protected readonly file: string,
  ) {}

  protected get next(): Token {
    return this.tokens[Math.min(this.#at, this.tokens.length - 1)];
  }

  protected take(): Token {
    const token = this.next;
    this.#at++;
    return token;
  }

  protected isNext(text: string, ahead = 0): boolean {
    const token = this.tokens[this.#at + ahead];
    return (token?.kind === 'sign' || token?.kind === 'name') && token.text === text;
  }

  protected takeIf(text: string): boolean {
    const isIt = this.isNext(text);
    if (isIt) this.#at++;
    return isIt;
  }

  protected expect(text: string): void {
    if (!this.takeIf(text)) throw this.error(text);
  }

  protected expectKind(kind: Token['kind']): string {
    if (this.next.kind !== kind) throw this.error(`a ${kind}`);
    return this.take().text;
  }

  protected error(wanted: string): FormatError {
    const { line, text, kind } = this.next;
    return new FormatError(`${reader}: ${this.file} must have ${wanted} in line ${line}, got ${text || kind}`);
  }

  /** One that may be a tuple without parentheses. */
  protected expressions(): Expression {
    const first = this.expression();
    if (!this.isNext(',')) return first;
    const items = [first];
    while (this.takeIf(',') && !this.isNext('=') && this.next.kind !== 'line') items.push(this.expression());
    return { kind: 'tuple', items };
  }

  protected expression(): Expression {
    requireFormat(++this.#depth <= mostDepth, reader, `${this.file} must nest at most ${mostDepth} deep`, 'more');
    const value = this.#logic('or');
    if (this.takeIf('if')) {
      const condition = this.#logic('or');
      this.expect('else');
      const no = this.expression();
      this.#depth--;
      return { kind: 'choice', condition, yes: value, no };
    }
    this.#depth--;
    return value;
  }

  #logic(op: 'or' | 'and'): Expression {
    const side = () => (op === 'or' ? this.#logic('and') : this.#not());
    let left = side();
    while (this.takeIf(op)) left = { kind: 'operator', op, sides: [left, side()] };
    return left;
  }

  #not(): Expression {
    if (this.takeIf('not')) return { kind: 'operator', op: 'not', sides: [this.#not()] };
    const left = this.#signed();
    if (this.takeIf('is')) {
      const op = this.takeIf('not') ? 'is not' : 'is';
      return { kind: 'operator', op, sides: [left, this.#signed()] };
    }
    const op = comparisons.find((each) => this.takeIf(each));
    return op ? { kind: 'operator', op, sides: [left, this.#signed()] } : left;
  }

  #signed(): Expression {
    if (!this.takeIf('-')) return this.#postfixed();
    const value = this.#postfixed();
    const number = value.kind === 'literal' ? value.value : null;
    if (typeof number === 'number') return { kind: 'literal', value: -number };
    if (number instanceof ScriptFloat) return { kind: 'literal', value: new ScriptFloat(-number.value) };
    return { kind: 'operator', op: '-', sides: [value] };
  }

  #postfixed(): Expression {
    let value = this.#atom();
    for (;;) {
      if (this.takeIf('.')) value = { kind: 'attribute', of: value, name: this.expectKind('name') };
      else if (this.takeIf('[')) {
        value = {
          kind: 'item',
          of: value,
          index: this.isNext(']') ? { kind: 'tuple', items: [] } : this.expressions(),
        };
        this.expect(']');
      } else if (this.takeIf('(')) value = this.#call(value);
      else return value;
    }
  }

  #call(callee: Expression): Expression {
    const args: Expression[] = [];
    const named: [string, Expression][] = [];
    while (!this.takeIf(')')) {
      if (this.next.kind === 'name' && this.isNext('=', 1)) {
        const name = this.take().text;
        this.take();
        named.push([name, this.expression()]);
      } else args.push(this.expression());
      if (!this.isNext(')')) this.expect(',');
    }
    return { kind: 'call', callee, args, named };
  }

  #atom(): Expression {
    const { kind, text } = this.take();
    if (kind === 'number') {
      const number = Number(text);
      return { kind: 'literal', value: /[.eE]/.test(text) ? new ScriptFloat(number) : number };
    }
    if (kind === 'text') {
      let whole = text;
      while (this.next.kind === 'text') whole += this.take().text;
      return { kind: 'literal', value: whole };
    }
    if (kind === 'name') {
      return Object.hasOwn(constants, text)
        ? { kind: 'literal', value: constants[text] }
        : { kind: 'name', name: text };
    }
    if (text === '(') return this.#tuple();
    if (text === '[') return { kind: 'list', items: this.#until(']', () => this.expression()) };
    if (text === '{') {
      const entry = () => {
        const key = this.expression();
        this.expect(':');
        return [key, this.expression()] as const;
      };
      return { kind: 'dict', entries: this.#until('}', entry) };
    }
    this.#at--;
    throw this.error('an expression');
  }

  #tuple(): Expression {
    const start = this.#at;
    const items = this.#until(')', () => this.expression());
    const isTuple = items.length !== 1 || this.tokens[this.#at - 2].text === ',';
    return isTuple || start === this.#at ? { kind: 'tuple', items } : items[0];
  }

  #until<T>(end: string, read: () => T): T[] {
    const items: T[] = [];
    while (!this.takeIf(end)) {
      items.push(read());
      if (!this.isNext(end)) this.expect(',');
    }
    return items;
  }
}
