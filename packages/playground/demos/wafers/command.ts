import type { DemoCommand, RowTable } from '../../src/demo.js';
import { csvRows } from '../../src/files/csv-rows.js';
import { counted, fixed, median, rounded } from '../../src/numbers.js';
import { demo, type Wafer } from './demo.js';
import type { Classification } from './wafer-classifier.js';

export const command: DemoCommand<Wafer, Classification> = {
  summary:
    'Classifies sample wafer maps with the pretrained pack models/wafer-sscn and prints a table ' +
    '(class, probability, novelty, ms).',
  options: {
    pack: {
      placeholder: 'FOLDER',
      help: 'another pack for maps than models/wafer-sscn',
      replacesPack: demo.packs[0],
    },
  },
  note:
    'A map is new when its novelty, the negative log density of its latent vector among those of the training data, is ' +
    "above the pack's threshold: it may be of a class that the model never saw.",

  asked: () => [],

  table: (wafers, backend) => new WaferTable(wafers, backend),

  jsonRow: (wafer, result) => JSON.stringify({ ...rowOf(wafer, result), ms: rounded(result.ms, 3) }),

  files(wafers, results) {
    const rows = wafers.map((wafer, i) => {
      const ofClasses = Object.entries(results[i].probabilities);
      const columns = ofClasses.map(([label, value]) => [`P(${label})`, rounded(value, 6)] as const);
      return { ...rowOf(wafer, results[i]), ...Object.fromEntries(columns) };
    });
    return [{ name: 'wafers.csv', contents: csvRows(rows) }];
  },
};

function rowOf({ name, source }: Wafer, { class: label, probability, novelty, threshold, isNovel }: Classification) {
  return {
    file: source?.file ?? name,
    index: source?.index ?? 0,
    class: label,
    probability: rounded(probability, 6),
    novelty: novelty && rounded(novelty, 3),
    threshold: threshold && rounded(threshold, 3),
    isNovel,
  };
}

class WaferTable implements RowTable<Wafer, Classification> {
  readonly #nameWidth: number;
  readonly #times: number[] = [];
  #novelCount = 0;

  constructor(
    wafers: readonly Wafer[],
    private readonly backend: string,
  ) {
    this.#nameWidth = Math.max(...wafers.map(({ name }) => name.length));
  }

  header(): string {
    return this.#line('wafer', ['class', 'probability', 'novelty', 'ms']);
  }

  row({ name }: Wafer, { class: label, probability, novelty, isNovel, ms }: Classification): string {
    this.#times.push(ms);
    if (isNovel) this.#novelCount++;
    const cells = [
      label,
      `${(100 * probability).toFixed(1)} %`,
      novelty === null ? '-' : fixed(novelty, 1),
      ms.toFixed(2),
    ];
    return this.#line(name, cells) + (isNovel ? '  new?' : '');
  }

  footer(): string {
    const unusual = this.#novelCount > 0 ? `, ${this.#novelCount} unlike the training data (new?)` : '';
    return `${counted(this.#times.length, 'wafer')} on ${this.backend}, ${median(this.#times).toFixed(2)} ms each (median)${unusual}`;
  }

  #line(name: string, [label, ...numbers]: string[]): string {
    return `${name.padEnd(this.#nameWidth)}  ${label.padEnd(9)}  ${numbers.map((cell) => cell.padStart(11)).join('')}`;
  }
}
