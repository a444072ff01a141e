import { tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import { CoordinateMap, requireOptions, requireRange, SparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import {
  GaussianMixture,
  openPackOf,
  packOptions,
  type LoadPackOptions,
  type Pack,
  type PackKind,
} from '@tfjs-sparse/packs';
import '@tfjs-sparse/sparse-conv/layers';
import { resampleWafer } from './resample-wafer.js';
import { gridOf, type WaferMap } from './wafer-map.js';
import { requireMaps } from './wafer-maps.js';
import { waferSample } from './wafer-sample.js';
import { waferChannels, waferSide } from './wafer-size.js';

/** What the network says of a wafer map. */
export interface WaferClass {
  /** The likeliest of the pack's labels. */
  readonly class: string;
  /** Its probability. */
  readonly probability: number;
  /** Of every label. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** Negative log density of the latent vector among those of the training data; null where the pack has no mixture. */
  readonly novelty: number | null;
  /** Above this novelty a map may be of a class that the model never saw. */
  readonly threshold: number | null;
  /** Whether the novelty is above the threshold. */
  readonly isNovel: boolean;
}

export interface WaferOptions extends LoadPackOptions {
  /** Folder or URL of a pack for wafer maps; default this package's own. In a bundle, where the pack is served. */
  readonly source?: string | URL;
}

/**
 * The failure patterns of wafer maps: opens the pack, classifies, frees the pack. For more than one call open a
 * `WaferClassifier` once.
 *
 * @param maps of any size; the cells are 0 outside of the wafer, 1 pass, 2 fail. Flat maps that are about as many as the cells
 *   of each are taken for the rows of one map, which belongs into a list of its own, and refused
 * @throws RangeError or TypeError for a map of no known form or with other values; what `loadPack` throws
 */
export async function classifyWafers(maps: readonly WaferMap[], options: WaferOptions = {}): Promise<WaferClass[]> {
  requireMaps('classifyWafers', maps);
  requireOptions('classifyWafers', options, ['source', ...packOptions]);
  const grids = await Promise.all(maps.map((map) => gridOf('classifyWafers', map)));
  const classifier = await openClassifier('classifyWafers', options);
  try {
    const classes: WaferClass[] = [];
    for (const map of grids) classes.push(await classifier.classify(map));
    return classes;
  } finally {
    classifier.dispose();
  }
}

/** Classifies wafer maps on the backend that is active. */
export class WaferClassifier {
  readonly #mixture: GaussianMixture | null;

  /** @param pack loaded; `dispose` frees it */
  constructor(private readonly pack: Pack) {
    const { files } = pack.manifest;
    const path = files.find(({ role }) => role === 'novelty')?.path;
    this.#mixture = path ? GaussianMixture.fromJSON(JSON.parse(new TextDecoder().decode(pack.files.get(path)))) : null;
  }

  static async open(options: WaferOptions = {}): Promise<WaferClassifier> {
    return openClassifier('WaferClassifier', options);
  }

  /** @param map of any size, which `resampleWafer` brings to the network's; 0 outside of the wafer, 1 pass, 2 fail */
  async classify(map: WaferMap): Promise<WaferClass> {
    const cells = resampleWafer(await gridOf('WaferClassifier', map));
    const { features } = waferSample(cells);
    const sites = waferSites(cells);
    const x = new SparseTensor(tensor2d(features, [sites.siteCount, waferChannels]), sites);
    const outputs = predict(this.pack.model, x);
    x.dispose();
    requireRange(
      Array.isArray(outputs) && outputs.length === 2,
      'WaferClassifier',
      'the model of the pack must have the outputs probabilities and latent',
      Array.isArray(outputs) ? `${outputs.length} outputs` : 'one output',
    );
    const [values, latent] = await readAll(outputs);
    const { labels, novelty: limits } = this.pack.manifest;
    const areNumbers = values.length === labels.length && values.every(Number.isFinite);
    requireRange(areNumbers, 'WaferClassifier', `probabilities must be ${labels.length} numbers`, [...values]);
    const best = values.reduce((most, value, i) => (value > values[most] ? i : most), 0);
    const novelty = this.#mixture && -this.#mixture.logDensity(latent);
    const threshold = limits?.threshold ?? null;
    return {
      class: labels[best],
      probability: values[best],
      probabilities: Object.fromEntries(labels.map((label, i) => [label, values[i]])),
      novelty,
      threshold,
      isNovel: novelty !== null && threshold !== null && novelty > threshold,
    };
  }

  /** Frees the pack. */
  dispose(): void {
    this.pack.dispose();
  }
}

/** The failing dies of a map `[64 * 64]`, as the network's input has them. */
export function waferSites(map: ArrayLike<number>): CoordinateMap {
  const options = { batchSize: 1, spatialShape: [waferSide, waferSide] };
  return CoordinateMap.fromCoordinates(waferSample(map).coordinates, 2, options).map;
}

/** Labels and latent vector are as many numbers as the pack says. */
const kind: PackKind = {
  name: 'wafer-sscn',
  inputs: [[null, waferChannels], [null, 3]],
  outputs: [[null, null], [null, null]],
}; // prettier-ignore

async function openClassifier(op: string, { source, ...options }: WaferOptions): Promise<WaferClassifier> {
  const folder = source ?? new URL('../', import.meta.url);
  return openPackOf(op, kind, folder, options, (pack) => new WaferClassifier(pack));
}

async function readAll(tensors: readonly Tensor[]): Promise<Float32Array[]> {
  try {
    return await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
  } finally {
    tensors.forEach((tensor) => tensor.dispose());
  }
}
