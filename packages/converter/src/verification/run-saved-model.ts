import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import { dispose, io, tidy, transpose, type Tensor, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { SparseTensor, sparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { byName, requireShapeOf, tensorOf, type NamedTensors } from './named-tensors.js';

export interface ModelOutput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  /** Of features of sites: `[batch, ...axes]` of each row. */
  readonly sites?: Int32Array;
}

/** A saved model that is loaded, to be run several times. */
export interface SavedModel {
  /** In their order; `features` and `coords` of a model on sites. */
  readonly inputs: readonly SavedInput[];
  /** @throws FormatError where an input is missing */
  run(given: NamedTensors, spatialShape?: readonly number[]): Promise<ModelOutput[]>;
  dispose(): void;
}

export interface SavedInput {
  readonly name: string;
  readonly dtype: string;
  /** An axis of any length is null, and so is a shape that is not known at all. */
  readonly shape: readonly (number | null)[] | null;
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
  const model = await openSavedModel(artifacts);
  try {
    return await model.run(given, spatialShape);
  } finally {
    model.dispose();
  }
}

/** Loads a saved model, for several runs as those of `runSavedModel`. */
export async function openSavedModel(artifacts: io.ModelArtifacts): Promise<SavedModel> {
  return artifacts.format === 'layers-model'
    ? savedLayers(await loadLayersModel(io.fromMemory(artifacts)))
    : savedGraph(await loadGraphModel(io.fromMemory(artifacts)));
}

function savedLayers(model: LayersModel): SavedModel {
  model.build(model.inputs.map(({ shape }) => shape)); // before, a Sequential has no names of inputs and outputs
  const isOnSites = model.inputNames.includes('coords');
  return {
    inputs: model.inputs.map(({ shape, dtype }, i) => ({ name: model.inputNames[i], dtype, shape })),
    run: (given, spatialShape) => (isOnSites ? runOnSites(model, given, spatialShape) : runDense(model, given)),
    dispose: () => void model.dispose(),
  };
}

function savedGraph(model: GraphModel): SavedModel {
  const signature = (model.modelSignature ?? {}) as {
    readonly inputs?: Readonly<Record<string, { readonly name?: string }>>;
    readonly outputs?: object;
  };
  const inputs = namesOf(signature.inputs, model.inputs);
  const outputs = namesOf(signature.outputs, model.outputs);
  const nodeOf = (name: string) => (signature.inputs?.[name]?.name ?? name).replace(/:0$/, '');
  const described = inputs.map((name) => {
    const { dtype = 'float32', shape } = model.inputs.find((input) => input.name === nodeOf(name)) ?? {};
    return { name, dtype, shape: shape?.map((length) => (length < 0 ? null : length)) ?? null };
  });
  return {
    inputs: described,
    async run(given) {
      const found = described.map(({ name, shape }) => {
        const tensor = byName('inputs', inputs, given, name);
        requireShapeOf(name, tensor, shape);
        return [name, tensor] as const;
      });
      const tensors = Object.fromEntries(found.map(([name, tensor]) => [name, tensorOf(name, tensor)]));
      try {
        return await valuesOf(outputs, [model.execute(tensors, outputs)].flat());
      } finally {
        dispose(tensors);
      }
    },
    dispose: () => model.dispose(),
  };
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
  const found = model.inputNames.map((name, i) => {
    const tensor = byName('inputs', model.inputNames, given, name);
    const { shape } = model.inputs[i];
    requireShapeOf(name, tensor, isTurned(tensor.shape, shape) ? [shape[0], shape[3], shape[1], shape[2]] : shape);
    return tensor;
  });
  const tensors = found.map((tensor, i) => turned(tensorOf(model.inputNames[i], tensor), model.inputs[i].shape));
  try {
    const made = [model.predict(tensors.length === 1 ? tensors[0] : tensors)].flat();
    return await valuesOf(model.outputNames, made);
  } finally {
    dispose(tensors);
  }
}

/** NHWC of an image whose channels are second. */
function turned(given: Tensor, wanted: readonly (number | null)[]): Tensor {
  if (!isTurned(given.shape, wanted)) return given;
  return tidy(() => {
    const image = transpose(given as Tensor4D, [0, 2, 3, 1]);
    given.dispose();
    return image;
  });
}

function isTurned(given: readonly number[], wanted: readonly (number | null)[]): boolean {
  const isImage = given.length === 4 && wanted.length === 4;
  return isImage && given[3] !== wanted[3] && given[1] === wanted[3];
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
