import { model, type LayersModel } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { AttentionPooling } from '../attention-pooling/layer.js';
import { DSVTBlock } from '../dsvt-block/layer.js';
import { lastToFirst } from '../dsvt-block/op.js';
import { asChannels, networkOf, onSites, siteInputs, toNewSites } from './symbolic.js';

export interface DSVTOptions {
  /** Of the input features. */
  readonly channels: number;
  /** Of the blocks; default 192. */
  readonly filters?: number;
  /** Blocks of each stage; default `[4]`. */
  readonly blocks?: readonly number[];
  /** Default 8. */
  readonly heads?: number;
  /** Of the poolings' attention; default 8, whatever the blocks have, as published. */
  readonly poolHeads?: number;
  /** Default twice `filters`. */
  readonly hiddenUnits?: number;
  /** Cells of a window on each axis of the map, of each stage; default `[[1, 12, 12]]`. */
  readonly windowSizes?: readonly (readonly number[])[];
  /** How much larger the windows of every second block are on each axis; default `[1, 2, 2]`. */
  readonly hybridFactor?: readonly number[];
  /** Of these larger windows; default half of the first stage's window. */
  readonly shift?: readonly number[];
  /** Default 36. */
  readonly setSize?: number;
  /** Cells that become one between two stages, on each axis; default none. */
  readonly poolSizes?: readonly (readonly number[])[];
  /** Default none: the network gives features `[sites, filters]`, and coords where it pools. */
  readonly classes?: number;
}

/**
 * DSVT's backbone (Wang et al. 2023): stages of blocks of attention within sets of windows, with attention-style pooling
 * between them. Defaults are those of its pillar model for Waymo. Where the input has not `filters` channels, a linear layer
 * comes first.
 *
 * @returns a model of features `[sites, channels]` and coords `[sites, 1 + rank]`
 * @throws RangeError where stages, windows and poolings are not as many as each other
 */
export function dsvt(options: DSVTOptions): LayersModel {
  const {
    channels,
    filters = 192,
    blocks = [4],
    heads = 8,
    hiddenUnits,
    setSize,
    poolHeads,
    poolSizes = [],
    classes,
  } = options;
  const { windowSizes = [[1, 12, 12]], hybridFactor = [1, 2, 2] } = options;
  requireRange(windowSizes.length === blocks.length, 'dsvt', `windowSizes must be ${blocks.length} (stages)`, windowSizes.length); // prettier-ignore
  requireRange(poolSizes.length === blocks.length - 1, 'dsvt', `poolSizes must be ${blocks.length - 1} (between stages)`, poolSizes.length); // prettier-ignore
  const shift = [...(options.shift ?? windowSizes[0].map((cells) => Math.floor(cells / 2)))];
  const inputs = siteInputs(channels, windowSizes[0].length);
  let x = asChannels(inputs, filters);
  let count = 0;
  blocks.forEach((ofStage, stage) => {
    const windowSize = [...windowSizes[stage]];
    const larger = { windowSize: windowSize.map((cells, axis) => cells * hybridFactor[axis]), shift };
    const axes = lastToFirst(windowSize.length).filter((axis) => windowSize[axis] > 1);
    for (let block = 0; block < ofStage; block++, count++) {
      const windows = count % 2 === 0 ? { windowSize } : larger;
      const shared = { heads, hiddenUnits, setSize, axes };
      const name = `stage${stage}_block${block}`;
      x = onSites(new DSVTBlock({ name, ...shared, ...windows, positionWindows: [{ windowSize }, larger] }), x);
    }
    const poolSize = poolSizes[stage];
    if (poolSize)
      x = toNewSites(new AttentionPooling({ name: `pool${stage}`, poolSize: [...poolSize], heads: poolHeads }), x);
  });
  if (classes !== undefined || poolSizes.length === 0) return networkOf('dsvt', inputs, x, classes);
  return model({ inputs: [inputs.features, inputs.coords], outputs: [x.features, x.coords], name: 'dsvt' });
}
