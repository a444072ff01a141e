import { ready, type io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireRange, splitWeights, type StoredWeight } from '@tfjs-sparse/core';
import { resnetArchitecture } from '../architectures/resnet.js';
import { requireSource, type ByteSource } from '../bytes/byte-source.js';
import { convertForm } from '../convert-model.js';
import { Graph, type GraphNode } from '../graph/graph.js';
import { savedGraph, type SavedModel } from '../graph/write-graph.js';
import { ModelLayers } from '../model-layers.js';
import { removeUnused } from '../passes/remove-unused.js';
import { simplifyGraph } from '../passes/simplify-graph.js';
import { savedArtifacts } from '../read-source.js';
import type { NodeReport } from '../report.js';
import type { RuleSet } from '../rule.js';
import type { ConverterPlugin } from './converter-plugin.js';
import type { GivenInputs } from '../torch/script/script-inputs.js';
import { networkOfFile } from './network-of-file.js';
import { pruneGraph, pruneLayers, type Pruning } from './prune-network.js';
import { requireConvertOptions } from './require-options.js';
import { storedAs, type StoredPrecision } from './quantize-weights.js';

export interface ConvertFileOptions {
  /** `converterPlugin` of the packages whose ops and layers the model may use. */
  readonly plugins?: readonly ConverterPlugin[];
  /** Of a state dict: the name of its network; default what recognises it. */
  readonly architecture?: string;
  /** Of that network what no weight says, such as its heads; default the published configuration's. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /**
   * Of TorchScript and of whole modules: `{ x: { shape: [null, 3, 224, 224] } }`, null for a length that only a run knows, the
   * dtype float32 where none is given. Traced files of PyTorch 2 say them themselves, with the lengths of the trace; the input of
   * a module is `input`.
   */
  readonly inputs?: GivenInputs;
  /** Sets the smallest weights to 0 first; default none. */
  readonly pruning?: Pruning;
  /** How weights are stored; default as float32. */
  readonly precision?: StoredPrecision;
}

export interface ConvertedFile {
  /** What `tf.loadGraphModel` or `tf.loadLayersModel` reads, each weight in a buffer of its own; its `format` says which. */
  readonly artifacts: io.ModelArtifacts;
  /** Names of the model's inputs and outputs, in their order. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** What the file was, and how its network was told. */
  readonly notes: readonly string[];
  /** What became of each node or layer that a rule knows. */
  readonly report: readonly NodeReport[];
  /** Products whose weights `pruning` has changed. */
  readonly pruned: readonly string[];
}

/**
 * Makes a tfjs model of a file: a network of ONNX, torch.export, TorchScript, TFLite or tfjs, a whole module of torch.nn, or a
 * state dict of an architecture that a plugin knows. A graph has the inputs and outputs of its network, images as it has them. Products become sparse where plugins
 * say that it pays.
 *
 * @throws FormatError for a file that is none of these, is damaged, or needs operators that are not covered: all are named;
 *   RangeError for a state dict of no architecture; TypeError for what is no source and for other options
 */
export async function convertFile(source: ByteSource, options: ConvertFileOptions = {}): Promise<ConvertedFile> {
  requireSource('convertFile', source);
  requireConvertOptions(options);
  await ready();
  const { plugins = [], architecture, settings, inputs, precision } = options;
  const architectures = [resnetArchitecture, ...plugins.flatMap((plugin) => plugin.architectures ?? [])];
  const known = { architectures, onnxNetworks: plugins.flatMap((plugin) => plugin.onnxNetworks ?? []) };
  const { network, notes } = await networkOfFile(source, known, { name: architecture, settings, inputs });
  const quantizing = precision === 'int4' ? plugins.flatMap(({ quantizationRules }) => quantizationRules ?? []) : [];
  const hasCodes = precision !== 'int4' || quantizing.length > 0;
  requireRange(
    hasCodes,
    'convert',
    'precision must be float16 or int8 where no plugin has kernels for int4 (@tfjs-sparse/sparse-matmul has)',
    'int4',
  );
  const sets = [...plugins.flatMap(({ rules }) => rules ?? []), ...quantizing];
  const made =
    network instanceof Graph
      ? await convertedGraph(network, sets, options)
      : await convertedLayers(network, sets, options);
  const { saved, ...rest } = made;
  const weights = precision ? saved.weights.map((weight) => storedAs(precision, weight)) : saved.weights;
  const weightSpecs = weights.map(({ spec }) => spec);
  return { ...rest, artifacts: { ...saved.artifacts, weightSpecs, weightData: weights.map(bufferOf) }, notes };
}

function bufferOf({ bytes }: StoredWeight): ArrayBuffer {
  const { buffer, byteLength } = bytes;
  return byteLength === buffer.byteLength ? (buffer as ArrayBuffer) : bytes.slice().buffer;
}

interface Made extends Omit<ConvertedFile, 'notes' | 'artifacts'> {
  readonly saved: SavedModel;
}

async function convertedGraph(graph: Graph, sets: readonly RuleSet[], { pruning }: ConvertFileOptions): Promise<Made> {
  await simplifyGraph(graph);
  const pruned = pruning ? await pruneGraph(graph, pruning) : [];
  const report = await convertForm(graph, sets);
  removeUnused(graph);
  return { saved: savedGraph(graph), ...namesOf(graph), report, pruned };
}

/** Names of inputs and outputs: those of the signature, else of the nodes. */
function namesOf({ nodes, outputs: ends, surroundings }: Graph): Pick<Made, 'inputs' | 'outputs'> {
  const { inputs, outputs } = (surroundings.artifacts.signature ?? {}) as { inputs?: object; outputs?: object };
  const given = nodes.filter(({ op }) => op === 'Placeholder');
  const named = (side: object | undefined, of: Iterable<GraphNode>) => (side ? Object.keys(side) : [...of].map(({ name }) => name)); // prettier-ignore
  return { inputs: named(inputs, given), outputs: named(outputs, ends) };
}

async function convertedLayers(
  model: LayersModel,
  sets: readonly RuleSet[],
  { pruning }: ConvertFileOptions,
): Promise<Made> {
  const form = new ModelLayers(model);
  let built: LayersModel | null = null;
  try {
    const pruned = pruning ? await pruneLayers(model, pruning) : [];
    const report = await convertForm(form, sets);
    built = report.some(({ kernel }) => kernel !== null) ? await form.build() : null;
    model.build(model.inputs.map(({ shape }) => shape)); // before, a Sequential has no names of inputs and outputs
    const { inputNames: inputs, outputNames: outputs } = model;
    const { weightData, weightSpecs, ...artifacts } = await savedArtifacts(built ?? model);
    const weights = splitWeights('convert', { weightData, weightSpecs });
    return { saved: { artifacts, weights }, inputs, outputs, report, pruned };
  } finally {
    built?.dispose();
    form.dispose();
    model.dispose();
  }
}
