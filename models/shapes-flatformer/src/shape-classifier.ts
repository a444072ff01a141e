import type { Tensor } from '@tensorflow/tfjs-core';
import { requireOptions, requireRange, type Points } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import {
  openPackOf,
  packOptions,
  type LoadPackOptions,
  type Pack,
  type PackKind,
  type PointColumns,
} from '@tfjs-sparse/packs';
import '@tfjs-sparse/sparse-conv/layers';
import '@tfjs-sparse/window-attention/layers';
import { cloudPositions, requireClouds } from './cloud-positions.js';
import { labels, type Label } from './labels.js';
import { shapeChannels, shapeSample } from './shape-sample.js';

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
  /** What may be wrong with how the points were read, in a sentence, such as another number of columns; null for nothing. */
  readonly hint: string | null;
}

export interface ShapeOptions extends LoadPackOptions, PointColumns {
  /** Folder or URL of a pack for shapes; default this package's own. In a bundle, where the pack is served. */
  readonly source?: string | URL;
}

/**
 * The shapes of point clouds: opens the pack, classifies, frees the pack. For more than one call open a `ShapeClassifier` once.
 *
 * @param clouds `[points, columns]` each, flat or as rows, that begin with x, y, z; in any pose, size and place. A list of 16
 *   numbers or fewer each is taken for the rows of one cloud, which belongs into a list of its own, and refused.
 * @throws RangeError or TypeError for what is no cloud; what `loadPack` throws
 */
export async function classifyShapes(clouds: readonly Points[], options: ShapeOptions = {}): Promise<ShapeClass[]> {
  requireClouds('classifyShapes', clouds);
  requireOptions('classifyShapes', options, ['columns', 'source', ...packOptions]);
  const { columns, ...opening } = options;
  const read = clouds.map((cloud) => cloudPositions('classifyShapes', cloud, { columns }));
  const classifier = await openClassifier('classifyShapes', opening);
  try {
    const classes: ShapeClass[] = [];
    for (const { positions, hint } of read)
      classes.push({ ...(await classifier.classify(positions, { columns: 3 })), hint });
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
  static async open(options: ShapeOptions = {}): Promise<ShapeClassifier> {
    return openClassifier('ShapeClassifier', options);
  }

  /** @param points `[points, columns]`, flat or as rows, that begin with x, y, z */
  async classify(points: Points, columns: PointColumns = {}): Promise<ShapeClass> {
    const { positions, hint } = cloudPositions('ShapeClassifier', points, columns);
    const { x } = shapeSample([positions]);
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
    return { class: labels[best], probability: values[best], probabilities, siteCount, hint };
  }

  /** Frees the pack. */
  dispose(): void {
    this.pack.dispose();
  }
}

const kind: PackKind = {
  name: 'shapes-flatformer',
  inputs: [[null, shapeChannels], [null, 4]],
  outputs: [[null, labels.length]],
}; // prettier-ignore

async function openClassifier(op: string, { source, ...options }: ShapeOptions): Promise<ShapeClassifier> {
  const folder = source ?? new URL('../', import.meta.url);
  return openPackOf(op, kind, folder, options, (pack) => new ShapeClassifier(pack));
}
