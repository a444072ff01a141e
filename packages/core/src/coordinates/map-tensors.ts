import type { Tensor } from '@tensorflow/tfjs-core';
import { requireType } from '../errors.js';
import type { CoordinateMap } from './coordinate-map.js';

/** Maps by the data of their tensors; an entry goes when the data is collected. */
const maps = new WeakMap<object, CoordinateMap>();

export function rememberMap(coords: Tensor, map: CoordinateMap): void {
  maps.set(coords.dataId, map);
}

/** The map whose `toTensor` made `coords` (or the tensor that it is a reshape or clone of). */
export function coordinateMapOf(coords: Tensor): CoordinateMap {
  const map = maps.get(coords.dataId);
  requireType(
    map !== undefined,
    'coordinateMapOf',
    'coords must come from CoordinateMap.toTensor() unchanged (sliced, gathered or stacked tensors lose their map)',
    `a tensor of shape [${coords.shape.join(', ')}]`,
  );
  return map;
}
