import type { Tensor } from '@tensorflow/tfjs-core';
import { requireList, requireObject, requireRange, type Points } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { loadPack, type LoadPackOptions, type Pack } from '@tfjs-sparse/packs';
import '@tfjs-sparse/sparse-conv/layers';
import '@tfjs-sparse/window-attention/layers';
import { labels, type Label } from './labels.js';
import { shapeSample } from './shape-sample.js';

/** What the network says of a cloud. */
export interface ShapeClass {
  /** The likeliest label. */
  readonly class: Label;
  /** Its probability. */
  readonly probability: number;
  /** Of every label. */
  readonly probabilities: Readonly<Record<Label, number>>;
  /** Cells that hold points. */
  readonly siteCount: number;
}

export interface ShapeOptions extends LoadPackOptions {
  /** Folder or URL of a pack for shapes; default this package's own. In a bundle, where the pack is served. */
  readonly source?: string | URL;
}

/**
 * The shapes of point clouds: opens the pack, classifies, frees the pack. For more than one call open a `ShapeClassifier` once.
 *
 * @param clouds `[points, 3]` each, flat or as rows; in any pose, size and place
 * @throws RangeError or TypeError for what is no cloud; what `loadPack` throws
 */
export async function classifyShapes(clouds: readonly Points[], options: ShapeOptions = {}): Promise<ShapeClass[]> {
  requireList('classifyShapes', 'clouds', 'clouds', clouds);
  requireObject('classifyShapes', 'options', options);
  const classifier = await ShapeClassifier.open(options);
  try {
    const classes: ShapeClass[] = [];
    for (const cloud of clouds) classes.push(await classifier.classify(cloud));
    return classes;
  } finally {
    classifier.dispose();
  }
}

/** Classifies point clouds on the backend that is active. */
export class ShapeClassifier {
  /** @param pack loaded; `dispose` frees it */
  constructor(readonly pack: Pack) {}

  /** The transformer's pack, or by `source` the sparse CNN's beside it, in the folder `convolution`. */
  static async open({
    source = new URL('../', import.meta.url),
    ...options
  }: ShapeOptions = {}): Promise<ShapeClassifier> {
    return new ShapeClassifier(await loadPack(source, options));
  }

  /** @param points `[points, 3]`, flat or as rows */
  async classify(points: Points): Promise<ShapeClass> {
    const { x } = shapeSample([points]);
    const output = predict(this.pack.model, x);
    const { siteCount } = x.map;
    x.dispose();
    const isOne = !Array.isArray(output) && !('features' in output) && output.shape.join() === `1,${labels.length}`;
    const rule = `the model of the pack must have one output [clouds, ${labels.length}]`;
    requireRange(isOne, 'ShapeClassifier', rule, 'other outputs');
    const values = await (output as Tensor).data<'float32'>();
    output.dispose();
    const best = values.reduce((most, value, i) => (value > values[most] ? i : most), 0);
    const named = labels.map((label, i) => [label, values[i]] as const);
    const probabilities = Object.fromEntries(named) as Record<Label, number>;
    return { class: labels[best], probability: values[best], probabilities, siteCount };
  }

  /** Frees the pack. */
  dispose(): void {
    this.pack.dispose();
  }
}
