import type { Graph } from '../graph/graph.js';
import { foldConstants } from './fold-constants.js';
import { foldPads } from './fold-pads.js';
import { fuseProducts } from './fuse-products.js';
import { mergeReshapes } from './merge-reshapes.js';
import { removeUnused } from './remove-unused.js';
import { sinkReshapes } from './sink-reshapes.js';
import { transposeFilters } from './transpose-filters.js';

/**
 * What every graph of another framework gains by, whatever its weights: constants are computed (masks of pruned weights among
 * them), normalizations become part of the weights before them, biases and activations part of products, paddings part of
 * convolutions; what nobody needs goes.
 */
export async function simplifyGraph(graph: Graph): Promise<void> {
  removeUnused(graph);
  await foldConstants(graph);
  mergeReshapes(graph);
  await transposeFilters(graph);
  await sinkReshapes(graph);
  removeUnused(graph);
  await fuseProducts(graph);
  await foldPads(graph);
  removeUnused(graph);
}
