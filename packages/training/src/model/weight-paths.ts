import { isModel } from '@tfjs-sparse/layers';
import type { layers, LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';

/**
 * The weights of a model by path: the names of the models around the layer, then the weight's own name, as in
 * `encoder/dense/kernel`. Layers of two inner models may share a name, paths never do; a shared weight has one.
 */
export function weightPaths(model: LayersModel): ReadonlyMap<string, LayerVariable> {
  const paths = new Map<string, LayerVariable>();
  const seen = new Set<LayerVariable>();
  const visit = (inner: readonly layers.Layer[], prefix: string) => {
    for (const layer of inner) {
      if (isModel(layer)) visit(layer.layers, `${prefix}${layer.name}/`);
      else for (const weight of layer.weights) add(weight, prefix + weight.originalName);
    }
  };
  const add = (weight: LayerVariable, path: string) => {
    if (seen.has(weight)) return;
    seen.add(weight);
    paths.set(freePath(path, paths), weight);
  };
  visit(model.layers, '');
  return paths;
}

/** Wrappers beside each other may wrap layers of one name: the second is `fc/kernel:2`. */
function freePath(path: string, taken: ReadonlyMap<string, unknown>): string {
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? path : `${path}:${i}`;
    if (!taken.has(candidate)) return candidate;
  }
}
