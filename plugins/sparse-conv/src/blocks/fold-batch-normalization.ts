import { add, mul, rsqrt, sub, tidy, zeros, type serialization, type Tensor } from '@tensorflow/tfjs-core';
import { input, model as makeModel, type layers, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { SparseBatchNormalization, SparseKernelLayer } from '@tfjs-sparse/layers';
import { inputsOf, outputsOf, symbolsOf, Uses } from './symbols.js';

type Layer = layers.Layer;

/**
 * The network without batch normalization, for inference: each one that follows a sparse convolution is a scale and an
 * offset per channel, which become part of the filter and the bias; ReLU behind it, and the sum with a shortcut behind a
 * submanifold convolution, become part of the same pass over its output. Outputs differ by rounding alone. What several
 * layers read, a convolution with an activation or a shortcut of its own, and one that the model calls more than once
 * stay as they are.
 *
 * @param model a functional or Sequential model; it stays as it is, and the new one has weights of its own
 * @returns     a functional model with the same inputs and outputs
 */
export function foldBatchNormalization(model: LayersModel): LayersModel {
  const uses = new Uses(model);
  const copies = new Map<SymbolicTensor, SymbolicTensor>();
  const layerCopies = new Map<Layer, Layer>();
  const inputs = model.inputs.map((symbol) => {
    const { shape, dtype, sourceLayer } = symbol;
    const copy = input({ shape: shape.slice(1), dtype, name: sourceLayer.name });
    copies.set(symbol, copy);
    return copy;
  });
  const makeCopies = (made: SymbolicTensor): Copies => {
    const whole = wholeOf(made, uses);
    const folding = foldingOf(whole, uses);
    if (folding) return fold(whole, folding, copyOf);
    return copyCall(made, layerCopies, copyOf);
  };
  const copyOf = (symbol: SymbolicTensor): SymbolicTensor => {
    if (!copies.has(symbol))
      for (const [original, copy] of makeCopies(outputsOf(symbol)[0])) copies.set(original, copy);
    return copies.get(symbol)!;
  };
  return makeModel({ inputs, outputs: model.outputs.map(copyOf), name: model.name });
}

/** What becomes one convolution: `activation(norm(convolution) + residual)`. */
interface Folding {
  /** Output of the convolution. */
  readonly convolved: SymbolicTensor;
  readonly norm: SparseBatchNormalization;
  readonly residual?: SymbolicTensor;
  /** Serialised, or null. */
  readonly activation: unknown;
}

/** How `symbol` is made, where that can be folded. */
function foldingOf(symbol: SymbolicTensor, uses: Uses): Folding | null {
  const layer = symbol.sourceLayer;
  if (layer instanceof SparseBatchNormalization) {
    const [convolved] = inputsOf(symbol);
    const isFoldable = canTakeNorm(convolved) && !uses.isOfSharedLayer(convolved) && uses.onlyTaker(convolved);
    return isFoldable ? { convolved, norm: layer, activation: activationOf(layer) } : null;
  }
  const foldingOfTerm = (term: SymbolicTensor): Folding | null => {
    const folding = uses.onlyTaker(term) ? foldingOf(term, uses) : null;
    return folding?.activation ? null : folding;
  };
  if (layer.getClassName() === 'ReLU' && layer.getConfig().maxValue == null) {
    const folding = foldingOfTerm(inputsOf(symbol)[0]);
    return folding && { ...folding, activation: { className: 'relu', config: {} } };
  }
  if (layer.getClassName() !== 'Add' || inputsOf(symbol).length !== 2) return null;
  const [first, second] = inputsOf(symbol);
  if (first.shape[1] !== second.shape[1]) return null;
  for (const [term, residual] of [
    [first, second],
    [second, first],
  ]) {
    const folding = foldingOfTerm(term);
    if (folding && !folding.residual && isSubmanifold(folding.convolved) && inputsOf(folding.convolved).length === 2) {
      return { ...folding, residual };
    }
  }
  return null;
}

/** True for a sparse convolution whose output is its sums and bias alone. */
function canTakeNorm(convolved: SymbolicTensor): boolean {
  const { sourceLayer } = convolved;
  if (!(sourceLayer instanceof SparseKernelLayer) || activationOf(sourceLayer)) return false;
  return !isSubmanifold(convolved) || inputsOf(convolved).length < 3; // the third is a shortcut, elsewhere a target
}

function isSubmanifold({ sourceLayer }: SymbolicTensor): boolean {
  return sourceLayer.getClassName().startsWith('SubmConv');
}

/** The serialised activation of a layer, null where that changes nothing. */
function activationOf(layer: Layer): unknown {
  const activation = layer.getConfig().activation as serialization.ConfigDict | null;
  return activation && activation.className !== 'linear' ? activation : null;
}

/** The last symbol that is made in one with the convolution `convolved`, or itself. */
function wholeOf(convolved: SymbolicTensor, uses: Uses): SymbolicTensor {
  let whole = convolved;
  for (let next = uses.onlyTaker(convolved); next; next = uses.onlyTaker(next)) {
    if (foldingOf(next, uses)?.convolved !== convolved) break;
    whole = next;
  }
  return whole;
}

type Copies = readonly (readonly [original: SymbolicTensor, copy: SymbolicTensor])[];

function fold(made: SymbolicTensor, folding: Folding, copyOf: (symbol: SymbolicTensor) => SymbolicTensor): Copies {
  const { convolved, norm, residual, activation } = folding;
  const convolution = convolved.sourceLayer;
  const copy = layerLike(convolution, { useBias: true, activation });
  const outputs = call(copy, [...inputsOf(convolved), ...(residual ? [residual] : [])].map(copyOf));
  tidy(() => {
    const weights = convolution.getWeights();
    const bias = convolution.getConfig().useBias ? weights.pop() : undefined;
    const kernel = weights.pop() as Tensor; // its last axis is that of the output channels, as the bias's
    const [gamma, beta, mean, variance] = norm.getWeights();
    const scale = mul(gamma, rsqrt(add(variance, norm.getConfig().epsilon as number)));
    const offset = sub(bias ?? zeros(mean.shape), mean);
    copy.setWeights([...weights, mul(kernel, scale), add(beta, mul(offset, scale))]);
  });
  const [, coords] = outputsOf(convolved);
  const features = [made, outputs[0]] as const;
  return coords ? [features, [coords, outputs[1]]] : [features];
}

/** Calls the copy of a layer, one for all of its calls. */
function copyCall(
  made: SymbolicTensor,
  layerCopies: Map<Layer, Layer>,
  copyOf: (symbol: SymbolicTensor) => SymbolicTensor,
): Copies {
  const { sourceLayer } = made;
  const copy = layerCopies.get(sourceLayer) ?? layerLike(sourceLayer, {});
  layerCopies.set(sourceLayer, copy);
  const outputs = call(copy, inputsOf(made).map(copyOf));
  copy.setWeights(sourceLayer.getWeights());
  return outputsOf(made).map((original, i) => [original, outputs[i]] as const);
}

function layerLike(layer: Layer, changes: Record<string, unknown>): Layer {
  const layerClass = layer.constructor as serialization.SerializableConstructor<Layer> & {
    fromConfig: (cls: unknown, config: serialization.ConfigDict) => Layer;
  };
  return layerClass.fromConfig(layerClass, { ...layer.getConfig(), ...changes } as serialization.ConfigDict);
}

function call(layer: Layer, taken: SymbolicTensor[]): SymbolicTensor[] {
  return symbolsOf(layer.apply(taken.length === 1 ? taken[0] : taken));
}
