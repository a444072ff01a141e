import type { layers, LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

/** What the layer call that makes `symbol` takes. */
export function inputsOf({ sourceLayer, nodeIndex }: SymbolicTensor): SymbolicTensor[] {
  return sourceLayer.inboundNodes[nodeIndex].inputTensors;
}

/** All that the layer call that makes `symbol` gives. */
export function outputsOf({ sourceLayer, nodeIndex }: SymbolicTensor): SymbolicTensor[] {
  return sourceLayer.inboundNodes[nodeIndex].outputTensors;
}

export function symbolsOf(outputs: ReturnType<layers.Layer['apply']>): SymbolicTensor[] {
  return (Array.isArray(outputs) ? outputs : [outputs]) as SymbolicTensor[];
}

/** How often the layers and tensors of a model are used in it. */
export class Uses {
  readonly #calls = new Map<layers.Layer, number>();
  readonly #takers = new Map<SymbolicTensor, (SymbolicTensor | null)[]>();

  constructor({ outputs }: LayersModel) {
    const visited = new Set<SymbolicTensor>();
    const visit = (symbol: SymbolicTensor, taker: SymbolicTensor | null): void => {
      this.#takers.set(symbol, [...(this.#takers.get(symbol) ?? []), taker]);
      const [made] = outputsOf(symbol);
      if (visited.has(made)) return;
      visited.add(made);
      this.#calls.set(made.sourceLayer, (this.#calls.get(made.sourceLayer) ?? 0) + 1);
      for (const input of inputsOf(made)) visit(input, made);
    };
    outputs.forEach((symbol) => visit(symbol, null));
  }

  /** True when the model calls the layer that makes `symbol` more than once. */
  isOfSharedLayer({ sourceLayer }: SymbolicTensor): boolean {
    return this.#calls.get(sourceLayer)! > 1;
  }

  /** The first output of the one layer call that takes `symbol`; null where it is taken more often or is an output. */
  onlyTaker(symbol: SymbolicTensor): SymbolicTensor | null {
    const takers = this.#takers.get(symbol) ?? [];
    return takers.length === 1 ? takers[0] : null;
  }
}
