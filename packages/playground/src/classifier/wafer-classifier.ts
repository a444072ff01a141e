import { tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import { CoordinateMap, requireRange, SparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { GaussianMixture, type Pack } from '@tfjs-sparse/packs';
import { waferChannels, waferSample, waferSide } from '@tfjs-sparse/wafer-sscn';
import { siteLevels, type SiteLevel } from './site-levels.js';

export interface Classification {
  /** The likeliest of the pack's labels. */
  readonly class: string;
  /** Its probability. */
  readonly probability: number;
  /** One per label. */
  readonly probabilities: Float32Array;
  /** Negative log density of the latent vector among those of the training data; null when the pack has no mixture. */
  readonly novelty: number | null;
  /** True when the novelty is above the pack's threshold: the map may be of a class that the model never saw. */
  readonly isNovel: boolean;
  /** From the map to the probabilities. */
  readonly ms: number;
}

const warmUpMs = 800;

/** Classifies wafer maps by a loaded pack, on the backend that is active. */
export class WaferClassifier {
  readonly #mixture: GaussianMixture | null;

  constructor(readonly pack: Pack) {
    const { files } = pack.manifest;
    const path = files.find(({ role }) => role === 'novelty')?.path;
    this.#mixture = path ? GaussianMixture.fromJSON(JSON.parse(new TextDecoder().decode(pack.files.get(path)))) : null;
  }

  /** Runs maps for a while, so that the engine has compiled well and the times of later maps are those of the model. */
  async warmUp(maps: readonly Uint8Array[]): Promise<void> {
    const end = performance.now() + warmUpMs;
    do {
      for (const map of maps) await this.classify(map);
    } while (performance.now() < end);
  }

  async classify(map: Uint8Array): Promise<Classification> {
    const start = performance.now();
    const x = sparseInput(map);
    const outputs = predict(this.pack.model, x);
    requireRange(
      Array.isArray(outputs) && outputs.length === 2,
      'WaferClassifier',
      'the model of the pack must have the outputs probabilities and latent',
      Array.isArray(outputs) ? `${outputs.length} outputs` : 'one output',
    );
    const [probabilities, latent] = await readAll(outputs);
    x.dispose();
    const ms = performance.now() - start;
    const { labels, novelty: limits } = this.pack.manifest;
    const best = probabilities.indexOf(Math.max(...probabilities));
    requireRange(best >= 0, 'WaferClassifier', 'probabilities must be numbers', probabilities);
    const novelty = this.#mixture && -this.#mixture.logDensity(latent);
    return {
      class: labels[best],
      probability: probabilities[best],
      probabilities,
      novelty,
      isNovel: novelty !== null && limits !== undefined && novelty > limits.threshold,
      ms,
    };
  }

  /** The sites that the map has at each level of the network. */
  levelsOf(map: Uint8Array): SiteLevel[] {
    return siteLevels(this.pack.model, sitesOf(waferSample(map).coordinates));
  }
}

function sparseInput(map: Uint8Array): SparseTensor {
  const { coordinates, features } = waferSample(map);
  const sites = sitesOf(coordinates);
  return new SparseTensor(tensor2d(features, [sites.siteCount, waferChannels]), sites);
}

function sitesOf(coordinates: Int32Array): CoordinateMap {
  return CoordinateMap.fromCoordinates(coordinates, 2, { batchSize: 1, spatialShape: [waferSide, waferSide] }).map;
}

async function readAll(tensors: readonly Tensor[]): Promise<Float32Array[]> {
  try {
    return await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
  } finally {
    tensors.forEach((tensor) => tensor.dispose());
  }
}
