import { labels } from '@tfjs-sparse/wafer-sscn';
import type { PackFile } from '@tfjs-sparse/packs';
import type { Architecture } from './architecture.js';
import type { Recipe } from './fit-network.js';
import type { Quality } from './quality.js';
import type { SizeQuality } from './size-quality.js';
import type { Split } from './wafers.js';

export interface CardValues {
  readonly architecture: Architecture;
  readonly recipe: { readonly classifier: Recipe; readonly openSet: Recipe };
  readonly split: Split;
  readonly classes: readonly number[];
  readonly quality: Readonly<Record<'sparse' | 'sparseValidation' | 'dense' | 'denseValidation', Quality>>;
  readonly sizes: readonly SizeQuality[];
  /** AUROC of each class when left out. */
  readonly areas: readonly number[];
  readonly threshold: number;
  readonly files: readonly PackFile[];
  readonly citations: readonly string[];
}

/** Fills the `{{name}}` places of the card's text with what was measured. */
export function modelCard(values: CardValues, template: string): string {
  const sections: Record<string, string> = {
    quality: qualityTable(values),
    classes: classTable(values),
    sizes: sizeTable(values),
    confusion: confusionTable(values.quality.sparse),
    files: filesTable(values.files),
    network: values.architecture.stages
      .map(
        ({ channels, convolutions }, stage) =>
          `${64 >> stage} x ${64 >> stage}: ${channels} channels, ${stage > 0 ? 'strided 2 x 2, ' : ''}${convolutions} submanifold 3 x 3`,
      )
      .join('; '),
    recipe: recipeText(values.recipe.classifier),
    openSetEpochs: String(values.recipe.openSet.epochs),
    threshold: values.threshold.toFixed(2),
    citations: values.citations.map((citation, i) => `${i + 1}. ${citation}`).join('\n'),
  };
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    if (!(name in sections))
      throw new Error(`modelCard: a place must be one of ${Object.keys(sections).join(', ')}, got ${name}`);
    return sections[name];
  });
}

function recipeText({ epochs, batchSize, learningRate, labelSmoothing, seed }: Recipe): string {
  return `Adam, ${epochs} epochs, batches of ${batchSize}, learning rate ${learningRate} (linear rise over 15 % of the steps, then half a cosine to 0), label smoothing ${labelSmoothing}, class weights (mean class size / class size)^0.3, every map under a random symmetry of the square in each epoch, seed ${seed}`;
}

function qualityTable({ quality }: CardValues): string {
  const row = (name: string, test: Quality, validation: Quality) =>
    `| ${name} | ${percent(test.accuracy)} | ${test.macroF1.toFixed(4)} | ${percent(validation.accuracy)} | ${validation.macroF1.toFixed(4)} |`;
  return [
    '| network | test accuracy | test macro F1 | validation accuracy | validation macro F1 |',
    '|---|---|---|---|---|',
    row('sparse (this pack)', quality.sparse, quality.sparseValidation),
    row('dense twin', quality.dense, quality.denseValidation),
  ].join('\n');
}

function classTable({ split, classes, quality, areas }: CardValues): string {
  const count = (members: readonly number[], label: number) =>
    members.filter((member) => classes[member] === label).length;
  return [
    '| class | training | validation | test | F1 sparse | F1 dense | AUROC when left out |',
    '|---|---|---|---|---|---|---|',
    ...labels.map((name, label) => {
      const counts = [split.training, split.validation, split.test].map((members) => count(members, label));
      const scores = [quality.sparse.f1[label], quality.dense.f1[label], areas[label]].map((score) => score.toFixed(3));
      return `| ${[name, ...counts, ...scores].join(' | ')} |`;
    }),
  ].join('\n');
}

function sizeTable({ sizes }: CardValues): string {
  const scratch = labels.indexOf('Scratch');
  return [
    '| test maps brought to | accuracy | macro F1 | F1 Scratch |',
    '|---|---|---|---|',
    ...sizes.map(
      ({ height, width, quality: { accuracy, macroF1, f1 } }) =>
        `| ${height} x ${width} | ${percent(accuracy)} | ${macroF1.toFixed(4)} | ${f1[scratch].toFixed(3)} |`,
    ),
  ].join('\n');
}

function confusionTable({ confusion }: Quality): string {
  return [
    `| true \\ predicted | ${labels.join(' | ')} |`,
    `|---|${labels.map(() => '---|').join('')}`,
    ...confusion.map((row, label) => `| ${labels[label]} | ${row.join(' | ')} |`),
  ].join('\n');
}

function filesTable(files: readonly PackFile[]): string {
  return ['| file | bytes |', '|---|---|', ...files.map(({ path, bytes }) => `| ${path} | ${bytes} |`)].join('\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
