import type { LayersModel } from '@tensorflow/tfjs-layers';
import { FlatFormerBlock } from '../flat-former-block/layer.js';
import { asChannels, networkOf, onSites, siteInputs } from './symbolic.js';

export interface FlatFormerOptions {
  /** Of the input features. */
  readonly channels: number;
  /** Of the blocks; default 128. */
  readonly filters?: number;
  /** Default 2. */
  readonly blocks?: number;
  /** Default 8. */
  readonly heads?: number;
  /** Default twice `filters`. */
  readonly hiddenUnits?: number;
  /** Cells of a window on each axis of the map; default `[1, 9, 9]`. */
  readonly windowSize?: readonly number[];
  /** Default 69. */
  readonly groupSize?: number;
  /** Default none: the network gives features `[sites, filters]`. */
  readonly classes?: number;
}

/**
 * FlatFormer's backbone (Liu et al. 2023): blocks of attention over groups of sites along windows. Defaults are those of its
 * configuration for Waymo. Where the input has not `filters` channels, a linear layer comes first.
 *
 * @returns a model of features `[sites, channels]` and coords `[sites, 1 + rank]`
 */
export function flatFormer(options: FlatFormerOptions): LayersModel {
  const {
    channels,
    filters = 128,
    blocks = 2,
    heads = 8,
    hiddenUnits,
    windowSize = [1, 9, 9],
    groupSize,
    classes,
  } = options;
  const inputs = siteInputs(channels, windowSize.length);
  let x = asChannels(inputs, filters);
  for (let block = 0; block < blocks; block++) {
    const args = { name: `block${block}`, heads, hiddenUnits, windowSize: [...windowSize], groupSize };
    x = onSites(new FlatFormerBlock(args), x);
  }
  return networkOf('flatFormer', inputs, x, classes);
}
