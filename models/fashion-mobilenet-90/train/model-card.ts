import { blocks, firstChannels, pattern, pruningEpochs, recipe, sparsity, teacherShare } from './architecture.js';
import type { Recipe } from './fit-network.js';
import type { FashionData } from './images.js';
import type { PackMeasures } from './write-measured-pack.js';

export type MeasuredPacks = Readonly<Record<keyof typeof recipe, PackMeasures>>;

const names = { dense: 'dense', sparse: `${100 * sparsity} % pruned`, nm: `${pattern.n}:${pattern.m}` };
const steps = ['dense', 'sparse', 'nm'] as const;

/** Fills the `{{name}}` places of the card's text with what was measured. */
export function modelCard(packs: MeasuredPacks, data: FashionData, template: string): string {
  const sections: Record<string, string> = {
    network: networkText(),
    quality: qualityTable(packs),
    sizes: sizeTable(packs),
    layers: layerTable(packs),
    validationCount: String(data.validation.classes.length),
    citations: 'H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST", arXiv:1708.07747, 2017.',
    recipe: recipeText(),
  };
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    if (!(name in sections))
      throw new Error(`modelCard: a place must be one of ${Object.keys(sections).join(', ')}, got ${name}`);
    return sections[name];
  });
}

function networkText(): string {
  const each = blocks.map(({ channels, stride }) => `${channels}${stride > 1 ? ' (stride 2)' : ''}`);
  return `A 3 x 3 convolution with stride 2 to ${firstChannels} channels; blocks of a depthwise 3 x 3 and a 1 x 1 convolution to ${each.join(', ')} channels`;
}

function qualityTable(packs: MeasuredPacks): string {
  const rows = steps.map((step) => {
    const { test, validation } = packs[step];
    const difference = (100 * (test - packs.dense.test)).toFixed(2);
    return `| ${names[step]} | ${percent(test)} | ${difference} | ${percent(validation)} |`;
  });
  return ['| network | test | points above dense | validation |', '|---|---|---|---|', ...rows].join('\n');
}

function sizeTable(packs: MeasuredPacks): string {
  const rows = steps.map((step) => {
    const { modelBytes, weightBytes } = packs[step];
    const ratio = (weightBytes / packs.dense.weightBytes).toFixed(3);
    return `| ${names[step]} | ${weightBytes} | ${ratio} | ${modelBytes} |`;
  });
  return ['| network | weights.bin, bytes | of dense | model.json, bytes |', '|---|---|---|---|', ...rows].join('\n');
}

function layerTable({ sparse, nm }: MeasuredPacks): string {
  const rows = sparse.layers
    .map((layer, i) => ({ layer, other: nm.layers[i] }))
    .filter(({ layer }) => layer.sparsity > 0)
    .map(({ layer, other }) => `| ${layer.name} | ${layer.weights} | ${percent(layer.sparsity)} | ${other.pattern} |`);
  return ['| layer | weights | zeros at 90 % | at 2:4 |', '|---|---|---|---|', ...rows].join('\n');
}

function recipeText(): string {
  const text = ({ epochs, batchSize, learningRate, seed }: Recipe) =>
    `${epochs} epochs, batches of ${batchSize}, Adam, learning rate ${learningRate} (a linear rise over 5 % of the steps, then half a cosine to 0), seed ${seed}`;
  const teacher = `targets are ${100 * teacherShare} % the dense network's answers`;
  return [
    `- dense: ${text(recipe.dense)}.`,
    `- ${names.sparse}: from the dense weights, ${text(recipe.sparse)}; gradual magnitude pruning of all 1 x 1 convolutions together by the cubic schedule over the first ${pruningEpochs} epochs, then with fixed masks; ${teacher}.`,
    `- ${names.nm}: from the dense weights, ${text(recipe.nm)}; SR-STE; ${teacher}.`,
  ].join('\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
