import { tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import { CoordinateMap, requireRange, SparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { GaussianMixture, type Pack } from '@tfjs-sparse/packs';
import { waferChannels, waferSample, waferSide } from '@tfjs-sparse/wafer-sscn';
import { likeliest, type Likely } from '../../src/likeliest.js';
import { siteLevels, type SiteLevel } from './site-levels.js';

export interface Classification {
  /** The likeliest of the pack's labels. */
  readonly class: string;
  /** Its probability. */
  readonly probability: number;
  /** The likeliest few, the likeliest first. */
  readonly likely: readonly Likely[];
  /** Negative log density of the latent vector among those of the training data; null when the pack has no mixture. */
  readonly novelty: number | null;
  /** True when the novelty is above the pack's threshold: the map may be of a class that the model never saw. */
  readonly isNovel: boolean;
  /** From the map to the probabilities. */
  readonly ms: number;
  /** The sites that the map has at each level of the network. */
  readonly levels: readonly SiteLevel[];
}

/** Classifies wafer maps by a loaded pack, on the backend that is active. */
export class WaferClassifier {
  readonly #mixture: GaussianMixture | null;

  constructor(private readonly pack: Pack) {
    const { files } = pack.manifest;
    const path = files.find(({ role }) => role === 'novelty')?.path;
    this.#mixture = path ? GaussianMixture.fromJSON(JSON.parse(new TextDecoder().decode(pack.files.get(path)))) : null;
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
    const ms = performance.now() - start;
    const levels = siteLevels(this.pack.model, x.map);
    x.dispose();
    const { labels, novelty: limits } = this.pack.manifest;
    const likely = likeliest(probabilities, labels, 'WaferClassifier');
    const novelty = this.#mixture && -this.#mixture.logDensity(latent);
    return {
      class: likely[0].label,
      probability: likely[0].probability,
      likely,
      novelty,
      isNovel: novelty !== null && limits !== undefined && novelty > limits.threshold,
      ms,
      levels,
    };
  }
}

function sparseInput(map: Uint8Array): SparseTensor {
  const { coordinates, features } = waferSample(map);
  const spatialShape = [waferSide, waferSide];
  const { map: sites } = CoordinateMap.fromCoordinates(coordinates, 2, { batchSize: 1, spatialShape });
  return new SparseTensor(tensor2d(features, [sites.siteCount, waferChannels]), sites);
}

async function readAll(tensors: readonly Tensor[]): Promise<Float32Array[]> {
  try {
    return await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
  } finally {
    tensors.forEach((tensor) => tensor.dispose());
  }
}
