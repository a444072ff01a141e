import { labels } from '@tfjs-sparse/shapes-flatformer';
import { cloudOptions, readCloudOptions } from '../../src/clouds/cloud-options.js';
import type { DemoCommand, RowTable } from '../../src/demo.js';
import { csvRows } from '../../src/files/csv-rows.js';
import { counted, rounded } from '../../src/numbers.js';
import { drawnShape, type Shape } from './demo.js';
import { shapesIn, typedLabels } from './options.js';
import type { Answer, Answers } from './shape-networks.js';

export const command: DemoCommand<Shape, Answers> = {
  summary:
    'Names the shapes of drawn point clouds with the transformer of models/shapes-flatformer and the sparse CNN beside it ' +
    'and prints both classes and times.',
  options: {
    ...cloudOptions,
    shape: {
      placeholder: 'CLASS:SEED',
      help: `name the shape that this seed draws of a class, such as torus:3; may be given several times: ${typedLabels.join(', ')}`,
    },
  },

  asked(values) {
    readCloudOptions(values); // a mistake shows before any file is read
    return shapesIn(values).map(({ label, seed }) => drawnShape(label, seed));
  },

  table: (shapes) => new ShapeTable(shapes),

  jsonRow: (shape, answers) =>
    JSON.stringify({
      ...placeOf(shape, answers),
      ...(shape.assumedColumns !== undefined && { assumedColumns: shape.assumedColumns }),
      ...(shape.hint !== undefined && { hint: shape.hint }),
      transformer: jsonAnswer(answers.transformer),
      convolution: jsonAnswer(answers.convolution),
    }),

  files(shapes, results) {
    const rows = shapes.map((shape, i) => ({
      ...placeOf(shape, results[i]),
      ...columnsOf('transformer', results[i].transformer),
      ...columnsOf('convolution', results[i].convolution),
    }));
    return rows.length > 0 ? [{ name: 'shapes.csv', contents: csvRows(rows) }] : [];
  },
};

function placeOf({ name, source, points, trueClass }: Shape, { cellCount }: Answers) {
  return {
    file: source?.file ?? name,
    index: source?.index ?? 0,
    points: points.length / 3,
    cells: cellCount,
    trueClass: trueClass ?? null,
  };
}

function jsonAnswer({ likely: [{ label, probability }], ms }: Answer) {
  return { class: label, probability: rounded(probability, 6), ms: rounded(ms, 3) };
}

function columnsOf(network: string, answer: Answer) {
  const { class: label, probability, ms } = jsonAnswer(answer);
  return { [network]: label, [`P(${network})`]: probability, [`ms(${network})`]: ms };
}

class ShapeTable implements RowTable<Shape, Answers> {
  readonly #nameWidth: number;
  readonly #right = { transformer: 0, convolution: 0 };
  #knownCount = 0;

  constructor(shapes: readonly Shape[]) {
    this.#nameWidth = Math.max('shape'.length, ...shapes.map(({ name }) => name.length));
  }

  header(): string {
    const ofNetwork = ['', 'ms'];
    return this.#line('shape', 'true class', ['transformer', ...ofNetwork], ['sparse CNN', ...ofNetwork], 'cells');
  }

  row({ name, trueClass, hint }: Shape, answers: Answers): string {
    if (trueClass !== undefined) this.#count(trueClass, answers);
    const cells = [cellsOf(answers.transformer), cellsOf(answers.convolution)] as const;
    return this.#line(name, trueClass ?? '', ...cells, String(answers.cellCount)) + (hint ? `\n  ${hint}` : '');
  }

  footer(): string | null {
    if (this.#knownCount === 0) return null;
    const { transformer, convolution } = this.#right;
    return `Of ${counted(this.#knownCount, 'drawn shape')} the transformer names ${transformer} rightly, the sparse CNN ${convolution}.`;
  }

  #count(trueClass: string, { transformer, convolution }: Answers): void {
    this.#knownCount++;
    this.#right.transformer += Number(transformer.likely[0].label === trueClass);
    this.#right.convolution += Number(convolution.likely[0].label === trueClass);
  }

  #line(
    name: string,
    trueClass: string,
    transformer: readonly string[],
    convolution: readonly string[],
    cells: string,
  ): string {
    const ofNetworks = [transformer, convolution].map(
      ([label, probability, ms]) => `${label.padEnd(labelWidth)} ${probability.padStart(7)} ${ms.padStart(7)}`,
    );
    return [name.padEnd(this.#nameWidth), trueClass.padEnd(labelWidth), ...ofNetworks, cells.padStart(5)].join('  ');
  }
}

const labelWidth = Math.max(...labels.map(({ length }) => length));

function cellsOf({ likely: [{ label, probability }], ms }: Answer): string[] {
  return [label, `${(100 * probability).toFixed(1)} %`, ms.toFixed(2)];
}
