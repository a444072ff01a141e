import { tensor4d, type Tensor } from '@tensorflow/tfjs-core';
import { requireList, requireOptions, requireRange } from '@tfjs-sparse/core';
import { openPackOf, packOptions, type LoadPackOptions, type Pack, type PackKind } from '@tfjs-sparse/packs';
import '@tfjs-sparse/sparse-matmul/layers';
import { imageSide } from './image-size.js';
import { pixelsOf, type ClothingImage } from './image-pixels.js';
import { imageValues } from './image-values.js';

/** What a network says of an image. */
export interface ClothingClass {
  /** The likeliest of the pack's labels. */
  readonly class: string;
  /** Its probability. */
  readonly probability: number;
  /** Of every label. */
  readonly probabilities: Readonly<Record<string, number>>;
}

/** The networks of this package: 90 % of the weights zero, 2 of 4 zero, none. */
export type Network = 'sparse' | 'nm' | 'dense';

export interface ClothingOptions extends LoadPackOptions {
  /** Which of this package's networks; default `sparse`. */
  readonly network?: Network;
  /** Folder or URL of another pack for such images. In a bundle, where the pack is served. */
  readonly source?: string | URL;
}

const folders: Readonly<Record<Network, string>> = { sparse: '../', nm: '../nm/', dense: '../dense/' };

/**
 * What clothing is on images: opens the pack, classifies, frees the pack. For more than one call open a
 * `ClothingClassifier` once.
 *
 * @param images `[28, 28]` each, flat, as rows or as tensors, 0 to 255: 0 is background
 * @throws RangeError or TypeError for an image of another size or range; what `loadPack` throws
 */
export async function classifyClothes(
  images: readonly ClothingImage[],
  options: ClothingOptions = {},
): Promise<ClothingClass[]> {
  requireList('classifyClothes', 'images', 'images', images);
  requireOptions('classifyClothes', options, ['network', 'source', ...packOptions]);
  const values: Float32Array[] = [];
  for (const image of images) {
    values.push(imageValues(await pixelsOf('classifyClothes', image), 'classifyClothes'));
  }
  const classifier = await openClassifier('classifyClothes', options);
  try {
    const classes: ClothingClass[] = [];
    for (const each of values) classes.push(await classOf(classifier.pack, each));
    return classes;
  } finally {
    classifier.dispose();
  }
}

/** Names what is on images, on the backend that is active. */
export class ClothingClassifier {
  /** @param pack loaded; `dispose` frees it */
  constructor(readonly pack: Pack) {}

  static async open(options: ClothingOptions = {}): Promise<ClothingClassifier> {
    return openClassifier('ClothingClassifier', options);
  }

  /** @param image `[28, 28]`, flat, as rows or as a tensor, 0 to 255: 0 is background */
  async classify(image: ClothingImage): Promise<ClothingClass> {
    return classOf(this.pack, imageValues(await pixelsOf('ClothingClassifier', image), 'ClothingClassifier'));
  }

  /** Frees the pack. */
  dispose(): void {
    this.pack.dispose();
  }
}

/** The probabilities are as many as the labels of the pack. */
const kind: PackKind = {
  name: 'fashion-mobilenet-90',
  inputs: [[null, imageSide, imageSide, 1]],
  outputs: [[null, null]],
};

async function openClassifier(
  op: string,
  { network = 'sparse', source, ...options }: ClothingOptions,
): Promise<ClothingClassifier> {
  const names = Object.keys(folders);
  requireRange(names.includes(network), op, `network must be ${names.join(', ')}`, network);
  const folder = source ?? new URL(folders[network], import.meta.url);
  return openPackOf(op, kind, folder, options, (pack) => new ClothingClassifier(pack));
}

/** @param values `[28 * 28]`, as `imageValues` makes them */
async function classOf(pack: Pack, values: Float32Array): Promise<ClothingClass> {
  const image = tensor4d(values, [1, imageSide, imageSide, 1]);
  const output = pack.model.predict(image) as Tensor;
  image.dispose();
  const probabilities = await output.data<'float32'>();
  output.dispose();
  const { labels } = pack.manifest;
  const areNumbers = probabilities.length === labels.length && probabilities.every(Number.isFinite);
  requireRange(areNumbers, 'ClothingClassifier', `probabilities must be ${labels.length} numbers`, [...probabilities]);
  const best = probabilities.reduce((most, value, i) => (value > probabilities[most] ? i : most), 0);
  return {
    class: labels[best],
    probability: probabilities[best],
    probabilities: Object.fromEntries(labels.map((label, i) => [label, probabilities[i]])),
  };
}
