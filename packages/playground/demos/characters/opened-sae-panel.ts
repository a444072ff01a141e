import { make } from '../../src/shell/element.js';
import { percent } from './percent.js';
import type { OpenedSae, SaeDescription, SaeFile } from './tasks.js';

const libraryNames: Readonly<Record<string, string>> = {
  openai: 'openai/sparse_autoencoder',
  sparsify: 'EleutherAI/sparsify',
  saeLens: 'SAELens',
  dictionaryLearning: 'dictionary_learning',
};

/** The autoencoder of a file: what it is, and how it does on the network's activations. */
export class OpenedSaePanel {
  readonly #result = make('div');
  readonly element = make(
    'section',
    { className: 'panel' },
    make('h2', { id: 'opened-title' }, 'An autoencoder of your own'),
    make(
      'p',
      { className: 'hint' },
      'Drop a .safetensors file of openai/sparse_autoencoder, EleutherAI/sparsify, SAELens or dictionary_learning, with its ' +
        'cfg.json. It is measured where its width is that of the network.',
    ),
    this.#result,
  );

  constructor() {
    this.element.setAttribute('aria-labelledby', 'opened-title');
    this.#result.setAttribute('role', 'status');
  }

  /** Shows it, and brings it where the user looks: the file was opened elsewhere on the page. */
  show({ name, config }: SaeFile, { sae }: OpenedSae): void {
    const isConfigured = Object.keys(config).length > 0;
    const configuration = isConfigured ? 'its cfg.json' : 'none (what its tensors alone say): drop its cfg.json too';
    this.#result.replaceChildren(make('h3', { className: 'name' }, name), description(sae, configuration));
    this.element.scrollIntoView({ block: 'nearest' });
  }
}

function description(sae: SaeDescription, configuration: string): HTMLElement {
  const { library, activation, k, features, width, rowLengths, pairings, networkWidth, quality, characters } = sae;
  const facts: [string, string][] = [
    ['library', libraryNames[library] ?? library],
    ['configuration', configuration],
    ['activation', k === null ? activation : `${activation}, k = ${k}`],
    ['size', `${features.toLocaleString('en')} features of ${width.toLocaleString('en')} numbers`],
    [
      'lengths of decoder rows',
      `${rowLengths.map((length) => length.toPrecision(3)).join(' / ')} (least, median, greatest)`,
    ],
    [
      'tensors',
      pairings
        .map(({ theirs, ours, isTransposed }) => `${theirs} → ${ours}${isTransposed ? ' (turned)' : ''}`)
        .join(', '),
    ],
    ...(quality
      ? ([
          ['variance unexplained', percent(quality.varianceUnexplained)],
          ['active features', `${quality.activeFeatures.toFixed(1)} a character`],
          ['ever active', `${quality.everActive} of ${features} on ${characters.toLocaleString('en')} characters`],
        ] as [string, string][])
      : ([['not measured', `its width is ${width}, that of the network's activations ${networkWidth}`]] as [
          string,
          string,
        ][])),
  ];
  return make('dl', {}, ...facts.flatMap(([term, fact]) => [make('dt', {}, term), make('dd', {}, fact)]));
}
