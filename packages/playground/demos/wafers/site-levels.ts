import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { CoordinateMap, KernelGeometry } from '@tfjs-sparse/core';

/** The sites on which some layers of a network work. */
export interface SiteLevel {
  readonly spatialShape: readonly number[];
  readonly siteCount: number;
  /** int32 `[sites, 1 + rank]`, in cells of this level's grid. */
  readonly coordinates: Int32Array;
  /** Names of the convolutions that give features on these sites. */
  readonly layers: readonly string[];
}

/**
 * The levels of a network without branches of sites: strided convolutions begin the next level, submanifold ones stay.
 *
 * @param sites the input's, with their spatial shape
 */
export function siteLevels(model: LayersModel, sites: CoordinateMap): SiteLevel[] {
  const levels: { map: CoordinateMap; layers: string[] }[] = [{ map: sites, layers: [] }];
  for (const layer of model.layers) {
    const className = layer.getClassName();
    if (/^SparseConv\d/.test(className)) {
      levels.push({ map: levels.at(-1)!.map.downsample(geometryOf(layer.getConfig())), layers: [] });
    }
    if (/^(SparseConv|SubmConv)\d/.test(className)) levels.at(-1)!.layers.push(layer.name);
  }
  return levels.map(({ map, layers }) => ({
    spatialShape: map.spatialShape ?? [],
    siteCount: map.siteCount,
    coordinates: map.coordinates,
    layers,
  }));
}

function geometryOf(config: Record<string, unknown>): KernelGeometry {
  const { kernelSize, strides, padding, dilationRate: dilation, outputRule } = config;
  return { kernelSize, strides, padding, dilation, outputRule } as KernelGeometry;
}
