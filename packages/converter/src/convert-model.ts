import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import { io, ready } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { applyPasses, applyRules } from './apply-rules.js';
import type { Graph } from './graph/graph.js';
import { writeGraph } from './graph/write-graph.js';
import type { ModelLayers } from './model-layers.js';
import { removeUnused } from './passes/remove-unused.js';
import { readSource } from './read-source.js';
import { summaryOf, type NodeReport } from './report.js';
import type { RuleSet } from './rule.js';

export interface ConvertOptions {
  /** What plugins give: `sparseWeightRules()` of `@tfjs-sparse/sparse-matmul/convert`, say. */
  readonly rules: readonly RuleSet[];
}

export interface ConvertedModel<Model> {
  /**
   * An ordinary tfjs model, to be saved and loaded again where the plugin's ops and layers are registered. The given model
   * itself where no rule changed anything; else a new one, and the given one is still yours to dispose of.
   */
  readonly model: Model;
  /** What became of each node or layer that a rule knows, and why. */
  readonly report: readonly NodeReport[];
  /** The report in one line. */
  readonly summary: string;
}

/**
 * Puts a trained model onto the ops of plugins, by their rules: reads it into one form, lets the rules replace nodes or
 * layers, fuses what can be fused, and writes an ordinary tfjs model. (`Sparsifier` of `@tfjs-sparse/training` makes weights
 * sparse; this makes use of it.)
 *
 * @param source a loaded model, or what `tf.loadGraphModel` or `tf.loadLayersModel` loads it from, or a graph that a reader of
 *   this package made, which is changed
 * @throws TypeError for what is no model; what rules throw. A given model is unchanged then, and nothing is left behind
 */
export async function convertModel<Model extends GraphModel | LayersModel>(
  source: Model,
  options: ConvertOptions,
): Promise<ConvertedModel<Model>>;
export async function convertModel(source: Graph, options: ConvertOptions): Promise<ConvertedModel<GraphModel>>;
export async function convertModel(
  source: string | io.IOHandler,
  options: ConvertOptions,
): Promise<ConvertedModel<GraphModel | LayersModel>>;
export async function convertModel(
  source: GraphModel | LayersModel | Graph | string | io.IOHandler,
  { rules: sets }: ConvertOptions,
): Promise<ConvertedModel<GraphModel | LayersModel>> {
  await ready();
  const { form, loaded, isOurs } = await readSource(source);
  let isKept = false;
  try {
    const report = await convertForm(form, sets);
    isKept = loaded !== null && report.every(({ kernel }) => kernel === null);
    const model = isKept ? loaded! : await write(form);
    return { model, report, summary: summaryOf(report) };
  } finally {
    if (form.kind === 'layers') form.dispose();
    if (isOurs && !isKept) loaded?.dispose();
  }
}

/** Lets rules replace nodes or layers; passes follow where they have. */
export async function convertForm(form: Graph | ModelLayers, sets: readonly RuleSet[]): Promise<NodeReport[]> {
  const report = await applyRules(
    form,
    sets.flatMap(({ rules }) => rules),
  );
  const isChanged = report.some(({ kernel }) => kernel !== null);
  if (!isChanged) return report;
  const passes = sets.flatMap((set) => set.passes);
  return [...report, ...(await applyPasses(form, passes))];
}

async function write(form: Graph | ModelLayers): Promise<GraphModel | LayersModel> {
  if (form.kind === 'layers') return form.build();
  removeUnused(form);
  return loadGraphModel(io.fromMemory(writeGraph(form)));
}
