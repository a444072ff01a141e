import type { CoordinateMap } from '@tfjs-sparse/core';

/**
 * The sites of the tensor that flows through a Sequential model, innermost run last. Each run keeps the grids that it
 * came through, finest first: strided layers push one, inverse layers pop one.
 */
const runs: CoordinateMap[][] = [];

/**
 * Runs `body`, in which sparse layers that get features alone take their sites from `map`. Sequential models pass one
 * tensor from layer to layer, so they run inside; models with coords inputs do not need it.
 */
export function withCoordinates<T>(map: CoordinateMap, body: () => T): T {
  runs.push([map]);
  try {
    return body();
  } finally {
    runs.pop();
  }
}

/** The sites that the features of a Sequential model are on now. */
export function currentCoordinates(layerName: string): CoordinateMap {
  return gridsOf(layerName).at(-1)!;
}

/** Says that the features are now on the coarser sites `map`. */
export function pushCoordinates(layerName: string, map: CoordinateMap): void {
  gridsOf(layerName).push(map);
}

/** Says that the features are back on the sites that they had before the last `pushCoordinates`; returns those. */
export function popCoordinates(layerName: string): CoordinateMap {
  const grids = gridsOf(layerName);
  if (grids.length < 2) {
    throw new Error(`${layerName}: a strided layer must come before an inverse layer in a Sequential model, got none`);
  }
  grids.pop();
  return grids.at(-1)!;
}

function gridsOf(layerName: string): CoordinateMap[] {
  const grids = runs.at(-1);
  if (!grids) {
    throw new Error(
      `${layerName}: features alone need the sites of a run: call the model by predict, evaluate or fit of ` +
        '@tfjs-sparse/layers, or give the layer [features, coords], got features',
    );
  }
  return grids;
}
