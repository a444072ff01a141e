import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { dispose, io, tensor, tidy, transpose, type Tensor, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { SparseTensor, sparseTensor, violation, type SafetensorsTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { FormatError, requireFormat } from '../format-error.js';

export type NamedTensors = ReadonlyMap<string, SafetensorsTensor>;

export interface ModelOutput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  /** Of features of sites: `[batch, ...axes]` of each row. */
  readonly sites?: Int32Array;
}

/**
 * Runs a saved model once. A model on sites takes `coords` `[sites, 1 + rank]` and `features`; images as PyTorch has them,
 * `[batch, channels, height, width]`, are turned for a layers model.
 *
 * @param spatialShape cells of the grid of sites; default those up to the last
 * @throws FormatError where an input is missing
 */
export async function runSavedModel(
  artifacts: io.ModelArtifacts,
  given: NamedTensors,
  spatialShape?: readonly number[],
): Promise<ModelOutput[]> {
  if (artifacts.format !== 'layers-model') return runGraph(artifacts, given);
  const model = await loadLayersModel(io.fromMemory(artifacts));
  try {
    return await (model.inputNames.includes('coords')
      ? runOnSites(model, given, spatialShape)
      : runDense(model, given));
  } finally {
    model.dispose();
  }
}

async function runGraph(artifacts: io.ModelArtifacts, given: NamedTensors): Promise<ModelOutput[]> {
  const model = await loadGraphModel(io.fromMemory(artifacts));
  const signature = (model.modelSignature ?? {}) as { inputs?: object; outputs?: object };
  const inputs = namesOf(signature.inputs, model.inputs);
  const outputs = namesOf(signature.outputs, model.outputs);
  const tensors = Object.fromEntries(
    inputs.map((name) => [name, tensorOf(name, byName('inputs', inputs, given, name))]),
  );
  try {
    const made = [model.execute(tensors, outputs)].flat();
    return await valuesOf(outputs, made);
  } finally {
    dispose(tensors);
    model.dispose();
  }
}

async function runOnSites(
  model: LayersModel,
  given: NamedTensors,
  spatialShape?: readonly number[],
): Promise<ModelOutput[]> {
  const names = ['features', 'coords'];
  const [features, coords] = names.map((name) => byName('inputs', names, given, name));
  const width = coords.shape[1];
  const rows = Array.from({ length: coords.shape[0] }, (_, row) =>
    Array.from({ length: width }, (__, axis) => Number(coords.values[row * width + axis])),
  );
  const ofRows = tensorOf('features', features) as Tensor2D;
  const x = sparseTensor(ofRows, rows, spatialShape ? { spatialShape } : {});
  ofRows.dispose();
  try {
    const made = predict(model, x);
    const isSparse = made instanceof SparseTensor;
    const { coordinates } = isSparse ? made.map : x.map;
    const outputs = await valuesOf(model.outputNames, isSparse ? [made.features] : [made].flat());
    if (isSparse) made.dispose();
    return outputs.map((each) =>
      each.shape[0] * width === coordinates.length ? { ...each, sites: coordinates } : each,
    );
  } finally {
    x.dispose();
  }
}

async function runDense(model: LayersModel, given: NamedTensors): Promise<ModelOutput[]> {
  const tensors = model.inputNames.map((name, i) => {
    const made = tensorOf(name, byName('inputs', model.inputNames, given, name));
    return turned(made, model.inputs[i].shape);
  });
  try {
    const made = [model.predict(tensors.length === 1 ? tensors[0] : tensors)].flat();
    return await valuesOf(model.outputNames, made);
  } finally {
    dispose(tensors);
  }
}

/** NHWC of an image whose channels are second. */
function turned(given: Tensor, wanted: readonly (number | null)[]): Tensor {
  const isImage = given.rank === 4 && wanted.length === 4;
  const isLast = given.shape[3] === wanted[3];
  if (!isImage || isLast || given.shape[1] !== wanted[3]) return given;
  return tidy(() => {
    const image = transpose(given as Tensor4D, [0, 2, 3, 1]);
    given.dispose();
    return image;
  });
}

async function valuesOf(names: readonly string[], tensors: readonly Tensor[]): Promise<ModelOutput[]> {
  const outputs = await Promise.all(
    tensors.map(async (each, i) => ({ name: names[i], shape: each.shape, values: await each.data() })),
  );
  dispose([...tensors]);
  return outputs;
}

/** Those of the signature, else of the nodes. */
function namesOf(signature: object | undefined, nodes: readonly { readonly name: string }[]): string[] {
  return signature ? Object.keys(signature) : nodes.map(({ name }) => name);
}

/** One alone may have any name. @throws FormatError for none */
export function byName(side: string, names: readonly string[], tensors: NamedTensors, name: string): SafetensorsTensor {
  const found = tensors.get(name) ?? (names.length === 1 && tensors.size === 1 ? [...tensors.values()][0] : undefined);
  if (!found) throw new FormatError(violation('verify', `${side} must have ${names.join(', ')}`, [...tensors.keys()].join(', '))); // prettier-ignore
  return found;
}

function tensorOf(name: string, { dtype, shape, values }: SafetensorsTensor): Tensor {
  if (dtype === 'BOOL') return tensor(values as Uint8Array, [...shape], 'bool');
  requireFormat(dtype !== 'F16' && dtype !== 'BF16', 'verify', `${name} must be float32 or integers`, dtype);
  const isReal = values instanceof Float32Array || values instanceof Float64Array;
  const numbers = isReal ? Float32Array.from(values) : Int32Array.from(values as ArrayLike<number>, Number);
  return tensor(numbers, [...shape], isReal ? 'float32' : 'int32');
}
