import type { DemoCommand, RowTable } from '../../src/demo.js';
import { csvRows } from '../../src/files/csv-rows.js';
import { rounded } from '../../src/numbers.js';
import type { Comparison, Prediction } from './clothing-classifier.js';
import type { Clothing } from './demo.js';
import { summaryOf } from './summary.js';

export const command: DemoCommand<Clothing, Comparison> = {
  summary:
    'Names drawn clothes with the dense and the 90 % sparse network of models/fashion-mobilenet-90 and prints both ' +
    'classes and times.',
  options: {},

  asked: () => [],

  table: (images, backend) => new ComparisonTable(images, backend),

  jsonRow: (image, { sparse, dense }) =>
    JSON.stringify({ ...placeOf(image), sparse: jsonPrediction(sparse), dense: jsonPrediction(dense) }),

  files(images, results) {
    const rows = images.map((image, i) => ({
      ...placeOf(image),
      ...columnsOf('sparse', results[i].sparse),
      ...columnsOf('dense', results[i].dense),
    }));
    return [{ name: 'images.csv', contents: csvRows(rows) }];
  },
};

function placeOf({ name, source }: Clothing) {
  return { file: source?.file ?? name, index: source?.index ?? 0 };
}

function columnsOf(network: string, { likely: [{ label, probability }] }: Prediction) {
  return { [network]: label, [`P(${network})`]: rounded(probability, 6) };
}

class ComparisonTable implements RowTable<Clothing, Comparison> {
  readonly #nameWidth: number;
  readonly #results: Comparison[] = [];

  constructor(
    images: readonly Clothing[],
    private readonly backend: string,
  ) {
    this.#nameWidth = Math.max(...images.map(({ name }) => name.length));
  }

  header(): string {
    return this.#line('image', ['sparse', '', 'ms', 'dense', '', 'ms']);
  }

  row({ name }: Clothing, result: Comparison): string {
    this.#results.push(result);
    return this.#line(name, [...cellsOf(result.sparse), ...cellsOf(result.dense)]);
  }

  footer(): string {
    return summaryOf(this.#results, this.backend);
  }

  #line(name: string, cells: readonly string[]): string {
    const columns = cells.map((cell, i) => (i % 3 === 0 ? cell.padEnd(11) : cell.padStart(7)));
    return `${name.padEnd(this.#nameWidth)}  ${columns.slice(0, 3).join(' ')}    ${columns.slice(3).join(' ')}`;
  }
}

function cellsOf({ likely: [{ label, probability }], ms }: Prediction): string[] {
  return [label, `${(100 * probability).toFixed(1)} %`, ms.toFixed(2)];
}

function jsonPrediction({ likely: [{ label, probability }], ms }: Prediction) {
  return { class: label, probability: rounded(probability, 6), ms: rounded(ms, 3) };
}
