import { tensor4d, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { imageSide, imageValues } from '@tfjs-sparse/fashion-mobilenet-90';
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
export class ClothingClassifier {
  constructor(
    private readonly sparse: Pack,
    private readonly dense: Pack,
  ) {}

  /** @param pixels uint8 `[28 * 28]` */
  async classify(pixels: Uint8Array): Promise<Comparison> {
    const sparse: Prediction[] = [];
    const dense: Prediction[] = [];
    for (let run = 0; run < runs; run++) {
      sparse.push(await predict(this.sparse, pixels));
      dense.push(await predict(this.dense, pixels));
    }
    return { sparse: withMedianTime(sparse), dense: withMedianTime(dense) };
  }
}

function withMedianTime(predictions: readonly Prediction[]): Prediction {
  return { ...predictions[0], ms: median(predictions.map(({ ms }) => ms)) };
}

async function predict({ model, manifest }: Pack, pixels: Uint8Array): Promise<Prediction> {
  const start = performance.now();
  const probabilities = await probabilitiesOf(model, pixels);
  const ms = performance.now() - start;
  return { likely: likeliest(probabilities, manifest.labels, 'ClothingClassifier'), ms };
}

async function probabilitiesOf(model: LayersModel, pixels: Uint8Array): Promise<Float32Array> {
  const image = tensor4d(imageValues(pixels), [1, imageSide, imageSide, 1]);
  const output = model.predict(image) as Tensor;
  image.dispose();
  try {
    return await output.data<'float32'>();
  } finally {
    output.dispose();
  }
}
