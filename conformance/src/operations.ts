import { builtInLayers } from './built-in-layers.js';
import type { GoldenCase, GoldenLayer } from './golden-file.js';
import type { Layer, MakeSites } from './layer-definition.js';
import type { RunnableOperation } from './tensor-operation.js';

/** What is handed to the runner: ops to test, by what goldens call them. */
export interface Operations {
  readonly makeSites: MakeSites;
  readonly layers: readonly Layer[];
  readonly tensorOperations: readonly RunnableOperation[];
}

/** The op on dense tensors of a case that is one. */
export function tensorOperationOf(golden: GoldenCase, { tensorOperations }: Operations): RunnableOperation | undefined {
  return tensorOperations.find(({ op }) => op === golden.layers[0].op);
}

/** @throws RangeError where several definitions take the layer */
export function layerDefinitionOf(layer: GoldenLayer, { layers }: Operations): Layer | undefined {
  const [definition, ...others] = [...builtInLayers, ...layers].filter((candidate) => candidate.takes(layer));
  if (others.length > 0) {
    throw new RangeError(
      `golden: one definition must take layer '${layer.name}' (${layer.op}), got ${1 + others.length}`,
    );
  }
  return definition;
}

/** Why these operations cannot run the case, or null. */
export function notCovered(golden: GoldenCase, operations: Operations): string | null {
  if (golden.layers.length === 0) return 'has no list of layers that the harness could execute';
  if (tensorOperationOf(golden, operations)) return null;
  const missing = golden.layers.find((layer) => !layerDefinitionOf(layer, operations));
  return missing ? `needs ${missing.op} (layer '${missing.name}'), which was not handed in` : null;
}
