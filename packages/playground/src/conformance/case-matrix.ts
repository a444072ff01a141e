import type { CaseResult } from '@tfjs-sparse/conformance';
import { make } from '../shell/element.js';
import type { OpCases } from './conformance-cases.js';

/** A table of operations against backends; the row of an operation opens to its cases. */
export class CaseMatrix {
  readonly element: HTMLTableElement;
  readonly #cells = new Map<string, HTMLTableCellElement>();
  readonly #results = new Map<string, CaseResult[]>();
  readonly #caseCounts: ReadonlyMap<string, number>;

  constructor(
    ops: readonly OpCases[],
    private readonly columns: readonly string[],
  ) {
    this.#caseCounts = new Map(ops.map(({ op, cases }) => [op, cases.length]));
    const head = make('thead', {}, make('tr', {}, ...['operation', ...columns].map((name) => make('th', {}, name))));
    this.element = make('table', {}, head, ...ops.map((each) => this.#body(each)));
  }

  show(op: string, column: string, result: CaseResult): void {
    fill(this.#cells.get(key(result.id, column))!, [result], 1);
    const all = this.#results.get(key(op, column)) ?? [];
    all.push(result);
    this.#results.set(key(op, column), all);
    fill(this.#cells.get(key(op, column))!, all, this.#caseCounts.get(op)!);
  }

  #body({ op, cases }: OpCases): HTMLElement {
    const body = make('tbody');
    const button = make('button', { type: 'button' }, op);
    const header = this.#row(op, 'op', button);
    const rows = cases.map(({ id }) => this.#row(id, 'case', id.replace(`${op}/`, '')));
    const setOpen = (isOpen: boolean) => {
      button.setAttribute('aria-expanded', String(isOpen));
      body.replaceChildren(header, ...(isOpen ? rows : []));
    };
    header.addEventListener('click', () => setOpen(button.getAttribute('aria-expanded') === 'false'));
    setOpen(false);
    return body;
  }

  #row(id: string, className: string, label: string | HTMLElement): HTMLTableRowElement {
    const cells = this.columns.map((column) => {
      const cell = make('td', { className: 'none' }, '·');
      this.#cells.set(key(id, column), cell);
      return cell;
    });
    return make('tr', { className }, make('th', { scope: 'row' }, label), ...cells);
  }
}

function key(row: string, column: string): string {
  return `${row};${column}`;
}

/** The worst of several results, with the largest error and the time of all. */
function fill(cell: HTMLTableCellElement, results: readonly CaseResult[], expectedCount: number): void {
  const failed = results.filter(({ status }) => status === 'fail');
  const passed = results.filter(({ status }) => status === 'pass');
  const ms = results.reduce((sum, result) => sum + result.ms, 0);
  const maxError = Math.max(...results.map((result) => result.maxError ?? 0));
  cell.className = failed.length > 0 ? 'fail' : passed.length > 0 ? 'pass' : 'skip';
  const details =
    passed.length + failed.length > 0
      ? `error ${maxError === 0 ? 0 : maxError.toExponential(1)} · ${ms.toFixed(0)} ms`
      : '';
  const reason = (failed[0] ?? results.find(({ status }) => status === 'skip'))?.reason;
  cell.replaceChildren(
    expectedCount === 1 ? results[0].status : countText(passed.length, failed.length, expectedCount),
    make('small', {}, [details, reason].filter(Boolean).join(' · ')),
  );
}

function countText(passed: number, failed: number, expected: number): string {
  return failed > 0
    ? `${failed} of ${expected} fail`
    : passed === expected
      ? `all ${passed} pass`
      : `${passed} of ${expected} pass`;
}
