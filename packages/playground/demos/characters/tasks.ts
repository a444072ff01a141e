import type { Item } from '../../src/demo.js';

/** The two autoencoders of models/shakespeare-sae. */
export type SaeKind = 'topk' | 'batchtopk';

/** What the worker is asked for: the page and the command line make items of these kinds. */
export type Task = Passage | ScanPart | Writing | Timing | SaeFile | SaeConfig;
export type Outcome = Reading | ScannedPart | Written | Times | OpenedSae;

/** A text whose features are asked for. */
export interface Passage extends Item {
  readonly task: 'read';
  readonly text: string;
  readonly kind: SaeKind;
}

/** The features of a text. Those of character `i` are from `starts[i]` to `starts[i + 1]`, the strongest first. */
export interface Reading {
  readonly task: 'read';
  /** As the network got it. */
  readonly text: string;
  /** Characters that the network does not know, each once; in `text` a space has their place. */
  readonly unknown: readonly string[];
  /** How many characters of the text became spaces. */
  readonly unknownCount: number;
  /** Characters at the end of the text that were not read, as it is too long. */
  readonly omittedCount: number;
  /** int32 `[characters + 1]` */
  readonly starts: Int32Array;
  /** int32 `[active]` */
  readonly features: Int32Array;
  /** float32 `[active]`, above 0 */
  readonly values: Float32Array;
  readonly quality: Quality;
  readonly featureCount: number;
  /** The residual stream behind this block is what the features describe. */
  readonly block: number;
  readonly ms: number;
  /** Names the weights of both packs. */
  readonly fingerprint: string;
}

/** How an autoencoder does on the activations of a text. */
export interface Quality {
  /** Share of the activations' variance that the reconstruction leaves; null where they have none, as of one character. */
  readonly varianceUnexplained: number | null;
  /** Features above 0 per character, on average. */
  readonly activeFeatures: number;
  /** How many features are above 0 at some character. */
  readonly everActive: number;
}

/** A part of the text in which examples are looked for. */
export interface ScanPart extends Item {
  readonly task: 'scan';
  readonly text: string;
  /** Place of its first character in the whole text. */
  readonly start: number;
  readonly kind: SaeKind;
}

export interface ScannedPart {
  readonly task: 'scan';
  readonly examples: ExampleArrays;
}

/** What `TopExamples` holds, to be sent and stored. */
export interface ExampleArrays {
  /** How many characters were looked at. */
  readonly characters: number;
  /** int32 `[features]`: at how many of them each feature is above 0 */
  readonly activeCounts: Int32Array;
  /** int32 `[features, examplesPerFeature]` */
  readonly places: Int32Array;
  /** float32 `[features, examplesPerFeature]`, descending, 0 where there is none */
  readonly values: Float32Array;
}

/** The next characters of a text. */
export interface Writing extends Item {
  readonly task: 'write';
  readonly prompt: string;
  readonly length: number;
  readonly temperature: number;
  readonly seed: number;
  readonly kind: SaeKind;
  readonly steering: Steering | null;
}

export interface Steering {
  readonly feature: number;
  /** What the feature's row of the decoder is multiplied with before it is added at every character. */
  readonly amount: number;
}

export interface Written {
  readonly task: 'write';
  readonly text: string;
}

/** Asks how long dense and sparse encoding and decoding take. */
export interface Timing extends Item {
  readonly task: 'time';
  readonly text: string;
  readonly kind: SaeKind;
}

export interface Times {
  readonly task: 'time';
  readonly characters: number;
  readonly features: number;
  readonly width: number;
  readonly k: number;
  readonly runs: number;
  readonly encode: DenseAndSparse;
  readonly decode: DenseAndSparse;
}

/** Medians in ms. */
export interface DenseAndSparse {
  readonly dense: number;
  readonly sparse: number;
}

/** An autoencoder of another library. */
export interface SaeFile extends Item {
  readonly task: 'open';
  readonly contents: Uint8Array<ArrayBuffer>;
  /** The library's cfg.json. */
  readonly config: Readonly<Record<string, unknown>>;
  /** On whose activations it is measured. */
  readonly text: string;
}

export interface OpenedSae {
  readonly task: 'open';
  readonly sae: SaeDescription;
}

export interface SaeDescription {
  readonly library: string;
  readonly activation: string;
  readonly k: number | null;
  readonly features: number;
  readonly width: number;
  /** Lengths of the decoder's rows: the least, the median, the greatest. */
  readonly rowLengths: readonly [number, number, number];
  readonly pairings: readonly { readonly theirs: string; readonly ours: string; readonly isTransposed: boolean }[];
  /** Width of the network's residual stream. */
  readonly networkWidth: number;
  /** On the network's activations; null where the widths differ. */
  readonly quality: Quality | null;
  readonly characters: number;
}

/** A cfg.json, for the SAE file that is opened with it. */
export interface SaeConfig extends Item {
  readonly task: 'configure';
  readonly config: Readonly<Record<string, unknown>>;
}
