import { labels, shapeCloud, type AttentionPlace, type Label } from '@tfjs-sparse/shapes-flatformer';
import { readCloudOptions } from '../../src/clouds/cloud-options.js';
import { isCloudFile, readCloud } from '../../src/clouds/files/read-cloud.js';
import type { Demo, Item } from '../../src/demo.js';
import { ShapeNetworks, type Answers } from './shape-networks.js';

export interface Shape extends Item {
  /** float32 `[points, 3]`, in any unit */
  readonly points: Float32Array;
  /** Numbers per point that a .bin file was taken for, as nobody said. */
  readonly assumedColumns?: number;
  /** Of drawn shapes. */
  readonly trueClass?: Label;
  /** What may be wrong with how the file was read, in a sentence or two. */
  readonly hint?: string;
  /** The layer of the transformer to look into. */
  readonly place?: AttentionPlace;
}

const firstSeed = 1_600_000_001; // the networks were neither trained nor tested on clouds of seeds from here on

export const demo: Demo<Shape, Answers> = {
  order: 5,
  about: {
    title: 'Shapes',
    headline: 'Shapes of point clouds',
    introduction:
      'A transformer and a sparse CNN name the shape of a cloud in a worker of this page. Take points away, turn the ' +
      'cloud or add noise: both answer while you drag. Click a point to see what it attends to.' +
      '<span class="turning"> Drag the cloud to look from elsewhere, <span class="of-mouse">scroll the wheel</span>' +
      '<span class="of-fingers">pinch</span> to come closer.</span>',
    samplesButton: 'Draw other shapes',
    openButton: 'Open a cloud…',
    filesHint: 'clouds of one thing as .ply, .pcd, .npz, .npy, .bin, .xyz, also as .gz',
    accept: '.ply,.pcd,.npz,.npy,.bin,.xyz,.gz',
  },
  packs: ['shapes-flatformer', 'shapes-flatformer/convolution'],
  warmUpMs: 500,

  fit: async ({ name }) => (isCloudFile(name) ? 'perhaps' : 'no'), // a scan of a street more likely

  async read({ name, contents }, options, place) {
    const { points, layout } = await readCloud(contents, name, { ...readCloudOptions(options), place });
    const { columns, isGuessed, hint } = layout ?? { isGuessed: false, hint: null };
    const source = { file: name, index: 0 };
    return [{ name, points, source, ...(isGuessed && { assumedColumns: columns }), ...(hint && { hint }) }];
  },

  samples: (set) => labels.map((label) => drawnShape(label, firstSeed + set)),

  open: ([transformer, convolution]) => {
    const networks = new ShapeNetworks(transformer, convolution);
    return { run: ({ points, place }) => networks.run(points, place ?? null) };
  },
};

/** The cloud that the seed draws of a class. */
export function drawnShape(label: Label, seed: number): Shape {
  return { name: `${label} ${seed}`, points: shapeCloud(label, seed), trueClass: label };
}
