import type { PackFile } from '@tfjs-sparse/packs';
import { labels } from '@tfjs-sparse/shapes-flatformer';
import { architectures, recipe, testClouds, validationClouds } from './architecture.js';
import { conditions, type Quality } from './quality.js';

/** What was measured of a pack as it is shipped. */
export interface MeasuredPack {
  readonly quality: Quality;
  readonly parameters: number;
  readonly files: readonly PackFile[];
}

type MeasuredPacks = Readonly<Record<keyof typeof architectures, MeasuredPack>>;

/** Fills the `{{name}}` places of the card's text with what was measured. */
export function modelCard(packs: MeasuredPacks, template: string): string {
  const { flatFormer, convolution } = architectures;
  const sections: Record<string, string> = {
    blocks: flatFormer.stages.map(({ filters, heads }) => `${filters} channels, ${heads} heads`).join('; then '),
    window: String(flatFormer.windowSize[0]),
    group: String(flatFormer.groupSize),
    convolutions: convolution.stages
      .map(({ filters, convolutions }) => `${convolutions} of ${filters} channels`)
      .join(', '),
    latent: String(flatFormer.latent),
    quality: qualityTable(packs),
    conditions: conditionTable(packs),
    confusion: confusionText(packs.flatFormer.quality),
    testClouds: testClouds.count.toLocaleString('en'),
    validationClouds: String(validationClouds.count),
    trainingClouds: (recipe.steps * recipe.batchSize).toLocaleString('en'),
    recipe: `Adam, ${recipe.steps.toLocaleString('en')} steps of ${recipe.batchSize} clouds, learning rate ${recipe.learningRate} (linear rise over 5 % of the steps, then half a cosine to 0), label smoothing ${recipe.labelSmoothing}, seed ${recipe.seed}`,
    files: filesTable(packs),
  };
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    if (!(name in sections))
      throw new Error(`modelCard: a place must be one of ${Object.keys(sections).join(', ')}, got ${name}`);
    return sections[name];
  });
}

function qualityTable({ flatFormer, convolution }: MeasuredPacks): string {
  const row = (name: string, { quality: { test, validation }, parameters }: MeasuredPack) =>
    `| ${name} | ${percent(test)} | ${percent(validation)} | ${parameters.toLocaleString('en')} |`;
  return [
    '| network | test accuracy | validation accuracy | parameters |',
    '|---|---|---|---|',
    row('transformer (this pack)', flatFormer),
    row('sparse CNN (`convolution`)', convolution),
  ].join('\n');
}

function conditionTable({ flatFormer, convolution }: MeasuredPacks): string {
  return [
    '| clouds | transformer | sparse CNN |',
    '|---|---|---|',
    ...conditions.map(
      ({ name }, i) =>
        `| ${name} | ${percent(flatFormer.quality.under[i])} | ${percent(convolution.quality.under[i])} |`,
    ),
  ].join('\n');
}

/** The pairs of classes that are mistaken most. */
function confusionText({ confusion }: Quality): string {
  const pairs = labels.flatMap((name, label) =>
    labels.flatMap((other, found) => (found === label ? [] : [{ name, other, count: confusion[label][found] }])),
  );
  const worst = [...pairs].sort((a, b) => b.count - a.count).slice(0, 6);
  const ofClass = testClouds.count / labels.length;
  return worst
    .filter(({ count }) => count > 0)
    .map(({ name, other, count }) => `${name} for ${other} (${percent(count / ofClass)})`)
    .join(', ');
}

function filesTable({ flatFormer, convolution }: MeasuredPacks): string {
  const rows = [
    ...flatFormer.files.map(({ path, bytes }) => `| ${path} | ${bytes} |`),
    ...convolution.files.map(({ path, bytes }) => `| convolution/${path} | ${bytes} |`),
  ];
  return ['| file | bytes |', '|---|---|', ...rows].join('\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
