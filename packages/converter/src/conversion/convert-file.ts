import type { io} from '@tensorflow/tfjs-core';
import { ready } from '@tensorflow/tfjs-core';
import type { ByteSource } from '../bytes/byte-source.js';
import { convertForm } from '../convert-model.js';
import type { Graph, GraphNode } from '../graph/graph.js';
import { writeGraph } from '../graph/write-graph.js';
import { removeUnused } from '../passes/remove-unused.js';
import { simplifyGraph } from '../passes/simplify-graph.js';
import { summaryOf, type NodeReport } from '../report.js';
import type { ConverterPlugin } from './converter-plugin.js';
import { graphOfFile } from './graph-of-file.js';
import { pruneGraph, type Pruning } from './prune-graph.js';
import { withStoredPrecision, type StoredPrecision } from './quantize-weights.js';

export interface ConvertFileOptions {
  /** `converterPlugin` of the packages whose ops the model may use. */
  readonly plugins?: readonly ConverterPlugin[];
  /** Sets the smallest weights to 0 first; default none. */
  readonly pruning?: Pruning;
  /** How weights are stored; default as float32. */
  readonly precision?: StoredPrecision;
}

export interface ConvertedFile {
  /** What `tf.loadGraphModel` reads; its `format` says which. */
  readonly artifacts: io.ModelArtifacts;
  /** Names of the model's inputs and outputs, in their order. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** What became of each node that a rule knows. */
  readonly report: readonly NodeReport[];
  /** The report in one line. */
  readonly summary: string;
  /** Products whose weights `pruning` has changed. */
  readonly pruned: readonly string[];
}

/**
 * Makes a tfjs model of a file that holds a network: ONNX, an archive of torch.export, TFLite, a tfjs GraphModel. Its inputs
 * and outputs are those of the network, images as it has them. Products become sparse where plugins say that it pays.
 *
 * @throws FormatError for a file that is none of these, is damaged, or needs operators that are not covered: all are named
 */
export async function convertFile(
  source: ByteSource,
  { plugins = [], pruning, precision }: ConvertFileOptions = {},
): Promise<ConvertedFile> {
  await ready();
  const graph = await graphOfFile(source);
  await simplifyGraph(graph);
  const pruned = pruning ? await pruneGraph(graph, pruning) : [];
  const report = await convertForm(
    graph,
    plugins.flatMap(({ rules }) => rules ?? []),
  );
  removeUnused(graph);
  const written = writeGraph(graph);
  return {
    artifacts: precision ? withStoredPrecision(written, precision) : written,
    ...namesOf(graph),
    report,
    summary: summaryOf(report),
    pruned,
  };
}

/** Names of inputs and outputs: those of the signature, else of the nodes. */
function namesOf({ nodes, outputs: ends, surroundings }: Graph): Pick<ConvertedFile, 'inputs' | 'outputs'> {
  const { inputs, outputs } = (surroundings.artifacts.signature ?? {}) as { inputs?: object; outputs?: object };
  const given = nodes.filter(({ op }) => op === 'Placeholder');
  const named = (side: object | undefined, of: Iterable<GraphNode>) => (side ? Object.keys(side) : [...of].map(({ name }) => name)); // prettier-ignore
  return { inputs: named(inputs, given), outputs: named(outputs, ends) };
}
