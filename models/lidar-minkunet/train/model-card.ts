import { labels } from '@tfjs-sparse/lidar-minkunet';
import type { PackFile } from '@tfjs-sparse/packs';
import type { MinkUNetOptions } from '@tfjs-sparse/sparse-conv/layers';
import { testScans, validationScans, type Recipe } from './architecture.js';
import type { Quality } from './quality.js';

export interface CardValues {
  readonly architecture: MinkUNetOptions;
  readonly recipe: Recipe;
  readonly parameters: number;
  readonly test: Quality;
  readonly validation: Quality;
  readonly real: Quality | null;
  readonly files: readonly PackFile[];
}

/** Fills the `{{name}}` places of the card's text with what was measured. */
export function modelCard(values: CardValues, template: string): string {
  const { architecture, recipe, parameters, test, validation, real, files } = values;
  const sections: Record<string, string> = {
    quality: qualityTable({ test, validation, real }),
    testConfusion: confusionTable(test),
    realConfusion: real ? confusionTable(real) : 'Not measured in this run (`--real`).',
    files: ['| file | bytes |', '|---|---|', ...files.map(({ path, bytes }) => `| ${path} | ${bytes} |`)].join('\n'),
    planes: architecture.planes!.join(', '),
    parameters: parameters.toLocaleString('en'),
    scans: String(recipe.scans),
    testScans: String(testScans.count),
    validationScans: String(validationScans.count),
    recipe: `Adam, ${recipe.epochs} epochs, ${recipe.batchSize} half turns a step, learning rate ${recipe.learningRate} (linear rise over 5 % of the steps, then half a cosine to 0), seed ${recipe.seed}`,
  };
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    if (!(name in sections))
      throw new Error(`modelCard: a place must be one of ${Object.keys(sections).join(', ')}, got ${name}`);
    return sections[name];
  });
}

function qualityTable({ test, validation, real }: Pick<CardValues, 'test' | 'validation' | 'real'>): string {
  const row = (name: string, { meanIou, iou, accuracy }: Quality) =>
    `| ${[name, meanIou, ...iou, accuracy].map((cell) => (typeof cell === 'number' ? cell.toFixed(3) : (cell ?? 'none'))).join(' | ')} |`;
  return [
    `| scans | mIoU | ${labels.join(' | ')} | accuracy |`,
    `|---|---|${labels.map(() => '---|').join('')}---|`,
    row(`${testScans.count} simulated, test`, test),
    row(`${validationScans.count} simulated, validation`, validation),
    ...(real ? [row('1 real, SemanticKITTI 00/000000', real)] : []),
  ].join('\n');
}

function confusionTable({ confusion }: Quality): string {
  return [
    `| true \\ predicted | ${labels.join(' | ')} |`,
    `|---|${labels.map(() => '---|').join('')}`,
    ...confusion.map((row, label) => `| ${labels[label]} | ${row.join(' | ')} |`),
  ].join('\n');
}
