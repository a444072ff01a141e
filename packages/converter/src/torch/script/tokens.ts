import { FormatError, requireFormat } from '../../format-error.js';

export const reader = 'torchScriptGraph';

export interface Token {
  /** `line` ends a statement; `indent` and `dedent` begin and end a block. */
  readonly kind: 'name' | 'number' | 'text' | 'sign' | 'line' | 'indent' | 'dedent' | 'end';
  /** Of a text what it means, without quotes. */
  readonly text: string;
  readonly line: number;
}

const pattern =
  /(?<space>[ \t]+|\\\n)|(?<comment>#[^\n]*)|(?<newline>\n)|(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?<name>[A-Za-z_]\w*)|(?<sign>->|\*\*|\/\/|==|!=|<=|>=|[-+*/%()[\]{}:,.=<>&|^~])/y;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' };

/** Splits the code of TorchScript, a part of Python, into tokens. @throws FormatError for what is none */
export function tokensOf(code: string, file: string): Token[] {
  const tokens: Token[] = [];
  const indents = [0];
  let [line, depth, at, isLineStart] = [1, 0, 0, true];
  const push = (kind: Token['kind'], text = '') => void tokens.push({ kind, text, line });
  while (at < code.length) {
    pattern.lastIndex = at;
    const found = pattern.exec(code);
    if (!found) throw new FormatError(`${reader}: ${file} must be code of TorchScript, got line ${line}`);
    const { space, comment, newline, text, number, name, sign } = found.groups!;
    at = pattern.lastIndex;
    if (newline !== undefined) {
      if (depth === 0 && !isLineStart) push('line');
      isLineStart ||= depth === 0;
      line++;
      continue;
    }
    if (comment !== undefined || (space !== undefined && !isLineStart)) continue;
    if (isLineStart) {
      const isBlank = /^\s*?(?:\n|#|$)/.test(code.slice(at, at + 200));
      if (space !== undefined && isBlank) continue;
      const width = space?.length ?? 0;
      if (space === undefined || !isBlank) indentTo(width);
      isLineStart = false;
      if (space !== undefined) continue;
    }
    if (text !== undefined) push('text', unquoted(text));
    else if (number !== undefined) push('number', number);
    else if (name !== undefined) push('name', name);
    else {
      if ('([{'.includes(sign)) depth++;
      if (')]}'.includes(sign)) depth--;
      push('sign', sign);
    }
  }
  if (!isLineStart) push('line');
  indentTo(0);
  push('end');
  return tokens;

  function indentTo(width: number): void {
    if (width > indents.at(-1)!) {
      indents.push(width);
      push('indent');
    }
    while (width < indents.at(-1)!) {
      indents.pop();
      push('dedent');
    }
    requireFormat(width === indents.at(-1), reader, `${file} must have blocks that are indented alike`, `line ${line}`);
  }
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|[0-7]{3}|.)/g, (_, code: string) => {
    if (code[0] === 'x' && code.length === 3) return String.fromCharCode(parseInt(code.slice(1), 16));
    if (code.length === 3) return String.fromCharCode(parseInt(code, 8));
    return escapes[code] ?? code;
  });
}
