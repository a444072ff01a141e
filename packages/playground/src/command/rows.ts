import type { Classification } from '../classifier/wafer-classifier.js';
import type { NamedWafer } from './named-wafers.js';

/** `{index, class, probability, novelty, ms}` as JSON. */
export function jsonRow(index: number, { class: label, probability, novelty, ms }: Classification): string {
  return JSON.stringify({
    index,
    class: label,
    probability: rounded(probability, 6),
    novelty: novelty && rounded(novelty, 3),
    ms: rounded(ms, 3),
  });
}

/** Lines of text, aligned; the header comes with the first row. */
export class Table {
  readonly #nameWidth: number;
  readonly #times: number[] = [];
  #novelCount = 0;

  constructor(
    wafers: readonly NamedWafer[],
    private readonly backend: string,
  ) {
    this.#nameWidth = Math.max(...wafers.map(({ name }) => name.length));
  }

  row(name: string, { class: label, probability, novelty, isNovel, ms }: Classification): string {
    const isFirst = this.#times.length === 0;
    this.#times.push(ms);
    if (isNovel) this.#novelCount++;
    const cells = [label, `${(100 * probability).toFixed(1)} %`, novelty?.toFixed(1) ?? '-', ms.toFixed(2)];
    const line = this.#line(name, cells) + (isNovel ? '  new?' : '');
    return isFirst ? `${this.#line('wafer', ['class', 'probability', 'novelty', 'ms'])}\n${line}` : line;
  }

  footer(): string {
    const sorted = [...this.#times].sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)].toFixed(2);
    const unusual = this.#novelCount > 0 ? `, ${this.#novelCount} unlike the training data (new?)` : '';
    return `${sorted.length} wafers on ${this.backend}, ${median} ms each (median)${unusual}`;
  }

  #line(name: string, [label, ...numbers]: string[]): string {
    return `${name.padEnd(this.#nameWidth)}  ${label.padEnd(9)}  ${numbers.map((cell) => cell.padStart(11)).join('')}`;
  }
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
