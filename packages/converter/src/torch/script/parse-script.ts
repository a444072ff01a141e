import { ExpressionParser } from './parse-expression.js';
import type { Expression, ScriptClass, ScriptFile, ScriptFunction, Statement } from './syntax.js';
import { tokensOf } from './tokens.js';

/** Reads a file of the code of a TorchScript archive. Types are passed over. @throws FormatError for what is none */
export function parseScript(code: string, file: string): ScriptFile {
  return new ScriptParser(tokensOf(code, file), file).wholeFile();
}

class ScriptParser extends ExpressionParser {
  wholeFile(): ScriptFile {
    const classes = new Map<string, ScriptClass>();
    const functions = new Map<string, ScriptFunction>();
    while (this.next.kind !== 'end') {
      if (this.takeIf('class')) classes.set(...this.#class());
      else if (this.takeIf('def')) {
        const made = this.#function();
        functions.set(made.name, made);
      } else throw this.error('a class or a function');
    }
    return { classes, functions };
  }

  #class(): [string, ScriptClass] {
    const name = this.expectKind('name');
    if (this.takeIf('(')) {
      this.expression();
      this.expect(')');
    }
    const methods = new Map<string, ScriptFunction>();
    const constants = new Map<string, Expression>();
    this.#block(() => {
      if (this.takeIf('def')) {
        const made = this.#function();
        methods.set(made.name, made);
        return;
      }
      const target = this.expression();
      if (this.takeIf(':')) this.expression();
      const value = this.takeIf('=') ? this.expressions() : null;
      if (value && target.kind === 'name') constants.set(target.name, value);
      this.#lineEnd();
    });
    return [name, { methods, constants }];
  }

  #function(): ScriptFunction {
    const name = this.expectKind('name');
    const parameters: { name: string; byDefault: Expression | null }[] = [];
    this.expect('(');
    while (!this.takeIf(')')) {
      if (!this.takeIf('*')) {
        const parameter = this.expectKind('name');
        if (this.takeIf(':')) this.expression();
        parameters.push({ name: parameter, byDefault: this.takeIf('=') ? this.expression() : null });
      }
      if (!this.isNext(')')) this.expect(',');
    }
    if (this.takeIf('->')) this.expression();
    return { name, parameters, body: this.#statements() };
  }

  #statements(): Statement[] {
    const body: Statement[] = [];
    this.#block(() => body.push(...this.#statement()));
    return body;
  }

  /** A colon, and what is indented behind it. */
  #block(read: () => void): void {
    this.expect(':');
    this.expectKind('line');
    this.expectKind('indent');
    while (this.next.kind !== 'dedent' && this.next.kind !== 'end') read();
    this.expectKind('dedent');
  }

  #lineEnd(): void {
    this.expectKind('line');
  }

  #statement(): Statement[] {
    if (this.takeIf('pass')) {
      this.#lineEnd();
      return [];
    }
    if (this.takeIf('return')) {
      const value = this.next.kind === 'line' ? ({ kind: 'literal', value: null } as const) : this.expressions();
      this.#lineEnd();
      return [{ kind: 'return', value }];
    }
    if (this.takeIf('if')) {
      const condition = this.expression();
      const yes = this.#statements();
      return [{ kind: 'if', condition, yes, no: this.takeIf('else') ? this.#statements() : [] }];
    }
    if (this.takeIf('while')) {
      const condition = this.expression();
      return [{ kind: 'while', condition, body: this.#statements() }];
    }
    if (this.takeIf('for')) {
      const target = this.expression();
      this.expect('in');
      const over = this.expression();
      return [{ kind: 'for', target, over, body: this.#statements() }];
    }
    const target = this.expressions();
    if (this.takeIf(':')) this.expression();
    if (!this.takeIf('=')) {
      this.#lineEnd();
      return [{ kind: 'run', value: target }];
    }
    const value = this.expressions();
    this.#lineEnd();
    return [{ kind: 'assign', target, value }];
  }
}
