import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { model as modelOf, type LayersModel } from '@tensorflow/tfjs-layers';
import type { SparseTensor } from '@tfjs-sparse/core';
import { findCells, groupBy, requireRange, type CoordinateMap, type Points } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { FlatFormerBlock } from '@tfjs-sparse/window-attention/layers';
import { shapeSample } from './shape-sample.js';

/** Which layer to look into, and from which point. */
export interface AttentionPlace {
  /** Of the network, from 0. */
  readonly block: number;
  /** Of the block, 0 to 3. */
  readonly layer: number;
  /** Index of the point that asks; null for none. */
  readonly point: number | null;
}

/** What a layer of attention does with a cloud, point by point. */
export interface AttentionView {
  /** int32 `[points]`: the cell of each point on the block's grid, which is coarser than that of the block before. */
  readonly cells: Int32Array;
  /** int32 `[points]`: the window of each point. */
  readonly windows: Int32Array;
  /** int32 `[points]`: the group of sites that attend to each other. */
  readonly groups: Int32Array;
  /**
   * float32 `[points]`: how much the asked point's site attends to the site of each, mean over the heads; over all sites it
   * sums to 1. null without such a point.
   */
  readonly attention: Float32Array | null;
}

/**
 * What attends to what in the network of `shapes-flatformer`.
 *
 * @param network of the pack
 * @param points  `[points, 3]`, flat or as rows
 * @throws RangeError for a block, a layer or a point that is none; what `shapeSample` throws
 */
export async function attentionView(
  network: LayersModel,
  points: Points,
  { block: index, layer, point }: AttentionPlace,
): Promise<AttentionView> {
  const op = 'attentionView';
  const blocks = network.layers.filter((each) => each instanceof FlatFormerBlock);
  const block = blocks[index];
  requireRange(block !== undefined, op, `block must be an integer from 0 to ${blocks.length - 1}`, index);
  requireRange([0, 1, 2, 3].includes(layer), op, 'layer must be an integer from 0 to 3', layer);
  const { x, inverse } = shapeSample([points]);
  try {
    const isPoint = point === null || (Number.isInteger(point) && point >= 0 && point < inverse.length);
    requireRange(isPoint, op, `point must be null or an integer from 0 to ${inverse.length - 1}`, point);
    const before = modelOf({ inputs: network.inputs, outputs: block.input as SymbolicTensor[] });
    const input = predict(before, x) as SparseTensor;
    const siteOfFine = findCells(input.map, coarser(x.map, input.map));
    const sites = inverse.map((site) => siteOfFine[site]);
    const groupOfSite = groupsOfSites(block, input.map, layer);
    const windowOfSite = windowsOfSites(block, input.map, layer);
    const ofSites = point === null ? null : await attentionOf(block, input, layer, sites[point]);
    input.dispose();
    return {
      cells: sites,
      windows: sites.map((site) => windowOfSite[site]),
      groups: sites.map((site) => groupOfSite[site]),
      attention: ofSites && Float32Array.from(sites, (site) => ofSites[site]),
    };
  } finally {
    x.dispose();
  }
}

/** The cell of a coarser grid that each site of a finer one is in. */
function coarser(fine: CoordinateMap, { stride }: CoordinateMap): Int32Array {
  return fine.coordinates.map((value, i) => (i % 4 === 0 ? value : Math.floor(value / stride[(i % 4) - 1])));
}

function groupsOfSites(block: FlatFormerBlock, map: CoordinateMap, layer: number): Int32Array {
  const { starts, places } = block.groups(map)[layer];
  const ofSites = new Int32Array(map.siteCount);
  for (let group = 0; group + 1 < starts.length; group++) {
    places.forEach((slot, site) => {
      if (slot >= starts[group] && slot < starts[group + 1]) ofSites[site] = group;
    });
  }
  return ofSites;
}

function windowsOfSites(block: FlatFormerBlock, map: CoordinateMap, layer: number): Int32Array {
  const { windowSize, axes } = block.getConfig() as { windowSize: number[]; axes: number[] };
  const ascending = [...axes].sort((a, b) => a - b);
  const size = ascending.map((axis) => windowSize[axis]);
  const shift = layer % 2 === 1 ? size.map((cells) => Math.floor(cells / 2)) : undefined;
  return groupBy(map, { axes: ascending, size, shift }).rows.transposed.columns;
}

/** Of each site, mean over the heads. */
async function attentionOf(
  block: FlatFormerBlock,
  x: SparseTensor,
  layer: number,
  site: number,
): Promise<Float32Array> {
  const { keys, weights } = await block.attentionWeights(x, layer, site);
  const ofSites = new Float32Array(x.map.siteCount);
  const heads = weights.length / keys.length;
  weights.forEach((weight, i) => (ofSites[keys[i % keys.length]] += weight / heads));
  return ofSites;
}
