import { add, mul, rsqrt, sub, tidy, zeros, type serialization } from '@tensorflow/tfjs-core';
import { input, model as makeModel, type layers, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { SparseConvolutionLayer } from '@tfjs-sparse/layers';
import { SparseBatchNormalization } from '../site-batch-norm/layer.js';

type Layer = layers.Layer;

/**
 * The network without batch normalization, for inference: each one that follows a sparse convolution is a scale and an
 * offset per channel, which become part of the filter and the bias; ReLU and the sum with a shortcut behind a
 * submanifold convolution become part of the same pass over its output. Outputs differ by rounding alone.
 *
 * @param model a functional model; it stays as it is, and the new one has weights of its own
 * @returns     a model with the same inputs and outputs
 */
export function foldBatchNormalization(model: LayersModel): LayersModel {
  const uses = countUses(model);
  const copies = new Map<SymbolicTensor, SymbolicTensor>();
  const inputs = model.inputs.map((symbol) => {
    const { shape, dtype, sourceLayer } = symbol;
    const copy = input({ shape: shape.slice(1), dtype, name: sourceLayer.name });
    copies.set(symbol, copy);
    return copy;
  });
  const copyOf = (symbol: SymbolicTensor): SymbolicTensor => {
    if (!copies.has(symbol)) {
      const folding = foldingOf(symbol, uses);
      for (const [original, copy] of folding ? fold(symbol, folding, copyOf) : copyLayer(symbol, copyOf)) {
        copies.set(original, copy);
      }
    }
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
  readonly activation: unknown;
}

/** How `symbol` is made, where that can be folded. */
function foldingOf(symbol: SymbolicTensor, uses: Map<SymbolicTensor, number>): Folding | null {
  const layer = symbol.sourceLayer;
  if (layer instanceof SparseBatchNormalization) {
    const [convolved] = inputsOf(symbol);
    const convolution = convolved.sourceLayer;
    const isFoldable = convolution instanceof SparseConvolutionLayer && !convolution.getConfig().activation;
    if (!isFoldable || uses.get(convolved) !== 1) return null;
    return { convolved, norm: layer, activation: layer.getConfig().activation };
  }
  const isRelu = layer.getClassName() === 'ReLU' && layer.getConfig().maxValue == null;
  const sum = isRelu ? inputsOf(symbol)[0] : symbol;
  const terms = sum.sourceLayer.getClassName() === 'Add' ? inputsOf(sum) : [];
  if (terms.length !== 2 || (isRelu && uses.get(sum) !== 1)) return null;
  for (const [term, residual] of [terms, [terms[1], terms[0]]]) {
    const folding = uses.get(term) === 1 ? foldingOf(term, uses) : null;
    const takesResidual = folding?.convolved.sourceLayer.getClassName().startsWith('SubmConv');
    if (!folding || !takesResidual || folding.residual || folding.activation) continue;
    return { ...folding, residual, activation: isRelu ? reluConfig : null };
  }
  return null;
}

const reluConfig = { className: 'relu', config: {} };

type Copies = readonly (readonly [original: SymbolicTensor, copy: SymbolicTensor])[];

function fold(made: SymbolicTensor, folding: Folding, copyOf: (symbol: SymbolicTensor) => SymbolicTensor): Copies {
  const { convolved, norm, residual, activation } = folding;
  const convolution = convolved.sourceLayer;
  const copy = layerLike(convolution, { useBias: true, activation });
  const taken = [...inputsOf(convolved), ...(residual ? [residual] : [])].map(copyOf);
  const outputs = symbolsOf(copy.apply(taken));
  tidy(() => {
    const [kernel, bias] = convolution.getWeights();
    const [gamma, beta, mean, variance] = norm.getWeights();
    const scale = mul(gamma, rsqrt(add(variance, norm.getConfig().epsilon as number)));
    const offset = sub(bias ?? zeros(mean.shape), mean);
    copy.setWeights([mul(kernel, scale), add(beta, mul(offset, scale))]);
  });
  const [, coords] = outputsOf(convolved);
  return coords
    ? [
        [made, outputs[0]],
        [coords, outputs[1]],
      ]
    : [[made, outputs[0]]];
}

function copyLayer(symbol: SymbolicTensor, copyOf: (symbol: SymbolicTensor) => SymbolicTensor): Copies {
  const taken = inputsOf(symbol).map(copyOf);
  const copy = layerLike(symbol.sourceLayer, {});
  const outputs = symbolsOf(copy.apply(taken.length === 1 ? taken[0] : taken));
  copy.setWeights(symbol.sourceLayer.getWeights());
  return outputsOf(symbol).map((original, i) => [original, outputs[i]] as const);
}

function layerLike(layer: Layer, changes: Record<string, unknown>): Layer {
  const layerClass = layer.constructor as serialization.SerializableConstructor<Layer> & {
    fromConfig: (cls: unknown, config: serialization.ConfigDict) => Layer;
  };
  return layerClass.fromConfig(layerClass, { ...layer.getConfig(), ...changes } as serialization.ConfigDict);
}

function inputsOf({ sourceLayer, nodeIndex }: SymbolicTensor): SymbolicTensor[] {
  return sourceLayer.inboundNodes[nodeIndex].inputTensors;
}

function outputsOf({ sourceLayer, nodeIndex }: SymbolicTensor): SymbolicTensor[] {
  return sourceLayer.inboundNodes[nodeIndex].outputTensors;
}

function symbolsOf(outputs: ReturnType<Layer['apply']>): SymbolicTensor[] {
  return (Array.isArray(outputs) ? outputs : [outputs]) as SymbolicTensor[];
}

/** How many layers take each tensor, and one more for an output of the model. */
function countUses(model: LayersModel): Map<SymbolicTensor, number> {
  const uses = new Map<SymbolicTensor, number>();
  const visited = new Set<unknown>();
  const visit = (symbol: SymbolicTensor): void => {
    uses.set(symbol, (uses.get(symbol) ?? 0) + 1);
    const node = symbol.sourceLayer.inboundNodes[symbol.nodeIndex];
    if (visited.has(node)) return;
    visited.add(node);
    node.inputTensors.forEach(visit);
  };
  model.outputs.forEach(visit);
  return uses;
}
