import { ClothingClassifier } from '@tfjs-sparse/fashion-mobilenet-90';
import type { Pack } from '@tfjs-sparse/packs';
import { likeliest, type Likely } from '../../src/likeliest.js';
import { median } from '../../src/numbers.js';

/** What one network says of an image. */
export interface Prediction {
  /** The likeliest classes, the likeliest first. */
  readonly likely: readonly Likely[];
  /** From the pixels to the probabilities, the median of some runs. */
  readonly ms: number;
}

/** The sparse network's prediction beside that of the dense one. */
export interface Comparison {
  readonly sparse: Prediction;
  readonly dense: Prediction;
}

const runs = 5; // of each network, in turns, so that whatever else the machine does hits both

/** Names what is on images by two packs of one architecture, on the backend that is active. */
export class ClothingComparison {
  readonly #networks: readonly ClothingClassifier[];

  constructor(sparse: Pack, dense: Pack) {
    this.#networks = [sparse, dense].map((pack) => new ClothingClassifier(pack));
  }

  /** @param pixels uint8 `[28 * 28]` */
  async classify(pixels: Uint8Array): Promise<Comparison> {
    const predictions: [Prediction[], Prediction[]] = [[], []];
    for (let run = 0; run < runs; run++) {
      for (const [i, network] of this.#networks.entries()) predictions[i].push(await predict(network, pixels));
    }
    const [sparse, dense] = predictions.map(withMedianTime);
    return { sparse, dense };
  }
}

function withMedianTime(predictions: readonly Prediction[]): Prediction {
  return { ...predictions[0], ms: median(predictions.map(({ ms }) => ms)) };
}

async function predict(network: ClothingClassifier, pixels: Uint8Array): Promise<Prediction> {
  const start = performance.now();
  const { probabilities } = await network.classify(pixels);
  return { likely: likeliest(probabilities), ms: performance.now() - start };
}
