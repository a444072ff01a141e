import { alphabet } from '@tfjs-sparse/shakespeare-topk';
import { architecture, longArchitecture, recipe } from './architecture.js';
import type { Kind } from './network.js';
import type { Text } from './text.js';
import type { PackMeasures } from './write-measured-pack.js';

type MeasuredPacks = Readonly<Record<Exclude<Kind, 'long'>, PackMeasures>>;
type Bits = Pick<PackMeasures, 'test' | 'validation'>;

const kinds = ['topk', 'dense'] as const;
const names = { topk: 'top-k (this pack)', dense: 'dense', window: 'window' };

/** Fills the `{{name}}` places of the card's text with what was measured. */
export function modelCard(packs: MeasuredPacks, long: Bits, text: Text, sample: string, template: string): string {
  const { training, validation, test } = text;
  const sections: Record<string, string> = {
    network: networkText(packs),
    quality: qualityTable(packs),
    activity: activityTable(packs),
    window: windowTable(packs, long),
    windowCharacters: String(architecture.window),
    longContext: String(longArchitecture.context),
    sizes: sizeTable(packs),
    trainingCharacters: String(training.length),
    validationCharacters: String(validation.length),
    testCharacters: String(test.length),
    recipe: recipeText(),
    sample: `ROMEO:\n${sample.trimEnd()}`,
  };
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    if (!(name in sections))
      throw new Error(`modelCard: a place must be one of ${Object.keys(sections).join(', ')}, got ${name}`);
    return sections[name];
  });
}

function networkText({ topk }: MeasuredPacks): string {
  const { blocks, width, heads, hiddenUnits, k, context } = architecture;
  return `${blocks} blocks of causal self-attention (${heads} heads) and an MLP of ${hiddenUnits} hidden units, each behind a layer norm and added to a residual stream of ${width}; learned places, a context of ${context} characters, ${alphabet.length} characters; ${topk.parameters} parameters. An MLP keeps the ${k} greatest of its hidden units at each character (${percent(k / hiddenUnits)})`;
}

function qualityTable(packs: MeasuredPacks): string {
  const rows = kinds.map((kind) => {
    const { test, validation, testInFloat32 } = packs[kind];
    return `| ${names[kind]} | ${[test, validation, testInFloat32].map((value) => value.toFixed(3)).join(' | ')} |`;
  });
  return ['| network | test | validation | test, weights in float32 |', '|---|---|---|---|', ...rows].join('\n');
}

/** Of the networks of the longer context. */
export function windowTable({ window }: Pick<MeasuredPacks, 'window'>, long: Bits): string {
  const row = (name: string, { test, validation }: Bits) =>
    `| ${name} | ${test.toFixed(3)} | ${validation.toFixed(3)} |`;
  return [
    '| attention | test | validation |',
    '|---|---|---|',
    row(`the last ${architecture.window} characters (\`window\`)`, window),
    row('all characters before', long),
  ].join('\n');
}

function activityTable(packs: MeasuredPacks): string {
  const rows = Array.from({ length: architecture.blocks }, (_, block) => {
    const shares = kinds.flatMap((kind) => [packs[kind].activity[block].active, packs[kind].activity[block].silent]);
    return `| ${block} | ${shares.map(percent).join(' | ')} |`;
  });
  return [
    '| block | top-k: active | top-k: never active | dense: active | dense: never active |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function sizeTable(packs: MeasuredPacks): string {
  const rows = ([...kinds, 'window'] as const).map(
    (kind) => `| ${names[kind]} | ${packs[kind].weightBytes} | ${packs[kind].modelBytes} |`,
  );
  return ['| network | weights.bin, bytes | model.json, bytes |', '|---|---|---|', ...rows].join('\n');
}

function recipeText(): string {
  const { steps, batchSize, learningRate, riseSteps, falls, seed } = recipe;
  const characters = steps * batchSize * architecture.context;
  return `Adam, ${steps} steps of ${batchSize} x ${architecture.context} characters (${(characters / 1e6).toFixed(1)} million), learning rate ${learningRate} (a linear rise over the first ${riseSteps} steps, linear falls to 0 over the steps ${falls.map((fall) => fall.join(' to ')).join(' and ')}), seed ${seed}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
