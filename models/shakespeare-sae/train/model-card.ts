import type { PackManifest } from '@tfjs-sparse/packs';
import type { SaeKind } from '@tfjs-sparse/shakespeare-sae';
import type { FeatureExamples } from './examples.js';
import type { SaeMeasures } from './measure.js';
import type { Recipe } from './recipe.js';

type Measured = Readonly<Record<SaeKind, SaeMeasures & Pick<PackManifest, 'files'>>>;

/** Fills the `{{name}}` places of the card's text with what was measured. */
export function modelCard(
  measured: Measured,
  examples: readonly FeatureExamples[],
  recipe: Recipe,
  template: string,
): string {
  const { features, k, epochs, rowsPerEpoch, batchSize, learningRate, deadAfter, auxiliaryFeatures, seed } = recipe;
  const sections: Record<string, string> = {
    features: String(features),
    k: String(k),
    characters: String(measured.topk.characters),
    quality: qualityTable(measured),
    examples: examplesTable(examples),
    recipe: `Adam, ${epochs} epochs of ${rowsPerEpoch} characters (${((epochs * rowsPerEpoch) / 1e6).toFixed(1)} million) in batches of ${batchSize}, learning rate ${learningRate} (the second half falls to 0), seed ${seed}; the loss is the fraction of variance unexplained and 1 / 32 of AuxK with ${auxiliaryFeatures} features that were silent for ${deadAfter} characters`,
  };
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    if (!(name in sections))
      throw new Error(`modelCard: a place must be one of ${Object.keys(sections).join(', ')}, got ${name}`);
    return sections[name];
  });
}

function qualityTable(measured: Measured): string {
  const columns = Object.values(measured);
  const row = (name: string, of: (measures: Measured[SaeKind]) => string) =>
    `| ${name} | ${columns.map(of).join(' | ')} |`;
  return [
    '| | TopK | BatchTopK |',
    '|---|---|---|',
    row('variance unexplained (FVU)', ({ fvu }) => fvu.toFixed(4)),
    row('active features of a character (L0)', ({ l0 }) => l0.toFixed(2)),
    row('features active at none', ({ silent }) => String(silent)),
    row('bits per character, network as it is', ({ bits }) => bits.original.toFixed(3)),
    row('with the reconstruction in its stream', ({ bits }) => bits.reconstructed.toFixed(3)),
    row('with 0 in its stream', ({ bits }) => bits.zeroed.toFixed(3)),
    row('cross-entropy recovered', ({ bits }) => recovered(bits)),
    row('weights.bin, bytes', ({ files }) => sizeOf(files, 'weights.bin')),
    row('model.json, bytes', ({ files }) => sizeOf(files, 'model.json')),
  ].join('\n');
}

function sizeOf(files: PackManifest['files'], name: string): string {
  return String(files.find(({ path }) => path === name)!.bytes);
}

/** The share of what zeroing the stream loses that the reconstruction keeps. */
function recovered({ original, reconstructed, zeroed }: SaeMeasures['bits']): string {
  return `${((100 * (zeroed - reconstructed)) / (zeroed - original)).toFixed(1)} %`;
}

function examplesTable(examples: readonly FeatureExamples[]): string {
  const rows = examples.map(({ feature, active, texts }) => {
    const shown = texts.map((text) => `<code>${text.replaceAll('|', '&#124;').replaceAll('<', '&lt;')}</code>`);
    return `| ${feature} | ${active} | ${shown.join('<br>')} |`;
  });
  return ['| feature | active at | greatest activations |', '|---|---|---|', ...rows].join('\n');
}
