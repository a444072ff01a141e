import type * as tfTypes from '@tensorflow/tfjs';

const side = 64;
const normEpsilon = 1e-3;

/** Whether the twin keeps the batch normalization that it was trained with, or has it folded into its convolutions. */
export type TwinForm = 'as trained' | 'folded';

/**
 * The dense network with the channels and weights of a sparse one whose batch normalization is folded: dense
 * convolutions on all cells of the grid and pooling, of stock tfjs layers. As trained, each convolution is followed by
 * tfjs' batch normalization (here with statistics that give the folded bias back) and ReLU.
 */
export function denseTwin(tf: typeof tfTypes, sparse: tfTypes.LayersModel, form: TwinForm): tfTypes.LayersModel {
  const { layers } = tf;
  const input = tf.input({ shape: [side, side, sparse.inputs[0].shape[1]!] });
  const outputs = new Map<string, tfTypes.SymbolicTensor>();
  const pooled: tfTypes.SymbolicTensor[] = [];
  const weighted: { layer: tfTypes.layers.Layer; weights: () => tfTypes.Tensor[] }[] = [];
  let x = input;
  const add = (layer: tfTypes.layers.Layer, from = x) => layer.apply(from) as tfTypes.SymbolicTensor;
  const convolution = (
    source: tfTypes.layers.Layer,
    kernelSize: number,
    strides: number,
    padding: 'same' | 'valid',
  ) => {
    const [kernel, bias] = source.getWeights();
    const options = { filters: bias.shape[0], kernelSize, strides, padding };
    if (form === 'folded') {
      const layer = layers.conv2d({ ...options, activation: 'relu' });
      weighted.push({ layer, weights: () => [kernel, bias] });
      return add(layer);
    }
    const layer = layers.conv2d({ ...options, useBias: false });
    const norm = layers.batchNormalization({ epsilon: normEpsilon });
    const ones = () => tf.ones(bias.shape);
    weighted.push({ layer, weights: () => [kernel] });
    weighted.push({ layer: norm, weights: () => [ones(), bias, tf.zeros(bias.shape), tf.sub(ones(), normEpsilon)] });
    return add(layers.reLU(), add(norm, add(layer)));
  };
  for (const source of sparse.layers) {
    const kind = source.getClassName();
    if (kind === 'SubmConv2D') x = convolution(source, 3, 1, 'same');
    else if (kind === 'SparseConv2D') x = convolution(source, 2, 2, 'valid');
    else if (kind === 'SparseGlobalPooling2D') {
      const isMaximum = source.getConfig().mode === 'max';
      pooled.push(add(isMaximum ? layers.globalMaxPooling2d({}) : layers.globalAveragePooling2d({})));
    } else if (kind === 'Concatenate') x = layers.concatenate().apply(pooled) as tfTypes.SymbolicTensor;
    else if (kind === 'Dense') {
      const { units, activation } = source.getConfig() as { units: number; activation: 'relu' | 'softmax' };
      const layer = layers.dense({ units, activation });
      weighted.push({ layer, weights: () => source.getWeights() });
      x = add(layer);
      outputs.set(source.name, x);
    } else if (kind !== 'InputLayer')
      throw new Error(`denseTwin: a layer must be one that the twin knows, got ${kind}`);
  }
  const ends = sparse.outputs.map((output) => outputs.get(output.sourceLayer.name)!);
  const twin = tf.model({ inputs: input, outputs: ends });
  for (const { layer, weights } of weighted) {
    tf.tidy(() => {
      const shapes = layer.getWeights().map((weight) => weight.shape);
      layer.setWeights(weights().map((weight, i) => tf.reshape(weight, shapes[i])));
    });
  }
  return twin;
}
