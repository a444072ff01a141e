import { GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import { io } from '@tensorflow/tfjs-core';
import { LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import { requireRange, requireType } from '@tfjs-sparse/core';
import { sparsifyLayersModel } from './layers-model.js';
import type { LayerReport, SparsifyOptions } from './report.js';
import { rewriteGraph } from './rewrite-graph.js';

export interface SparsifiedModel<Model> {
  /**
   * An ordinary tfjs model that can be saved and loaded again where `@tfjs-sparse/sparse-matmul/sparsify` is imported. The
   * given model itself where nothing became sparse; else a new one, and the given one is still yours to dispose of.
   */
  readonly model: Model;
  /** What became of each product with constant weights. */
  readonly layers: LayerReport[];
  /** In one line. */
  readonly summary: string;
}

const name = 'sparsifyGraphModel';

/**
 * Puts a model whose weights already hold zeros onto ops with sparse weights: `MatMul`, `_FusedMatMul`, 1 x 1 `Conv2D`
 * and `_FusedConv2D` of graph models (with bias, ReLU and ReLU6 fused; other activations become a node of their own),
 * `Dense` and 1 x 1 `Conv2D` of layers models. Zeros are not stored. Where a model becomes sparse, its depthwise convolutions
 * run on this plugin's kernel too. Results differ by rounding only.
 *
 * @param source a loaded model, or what `tf.loadGraphModel` or `tf.loadLayersModel` loads it from
 * @throws TypeError for what is no model; RangeError for NaN among the weights of a product
 */
export async function sparsifyGraphModel<Model extends GraphModel | LayersModel>(
  source: Model,
  options?: SparsifyOptions,
): Promise<SparsifiedModel<Model>>;
export async function sparsifyGraphModel(
  source: string | io.IOHandler,
  options?: SparsifyOptions,
): Promise<SparsifiedModel<GraphModel | LayersModel>>;
export async function sparsifyGraphModel(
  source: GraphModel | LayersModel | string | io.IOHandler,
  options: SparsifyOptions = {},
): Promise<SparsifiedModel<GraphModel | LayersModel>> {
  const { minSparsity = 0 } = options;
  requireRange(minSparsity >= 0 && minSparsity <= 1, name, 'minSparsity must be from 0 to 1', minSparsity);
  if (source instanceof LayersModel) return withSummary(await sparsifyLayersModel(source, options));
  if (source instanceof GraphModel) {
    const artifacts = await artifactsOf(source);
    const { artifacts: rewritten, layers } = await rewriteGraph(artifacts, options);
    const model = rewritten === artifacts ? source : await loadGraphModel(io.fromMemory(rewritten));
    return withSummary({ model, layers });
  }
  return fromSaved(await loadedArtifacts(source), options);
}

async function fromSaved(artifacts: io.ModelArtifacts, options: SparsifyOptions) {
  if (!isGraph(artifacts.modelTopology)) {
    const given = await loadLayersModel(io.fromMemory(artifacts));
    const { model, layers } = await sparsifyLayersModel(given, options);
    if (model !== given) given.dispose();
    return withSummary({ model, layers });
  }
  const { artifacts: rewritten, layers } = await rewriteGraph(artifacts, options);
  return withSummary({ model: await loadGraphModel(io.fromMemory(rewritten)), layers });
}

async function artifactsOf(model: GraphModel): Promise<io.ModelArtifacts> {
  let artifacts: io.ModelArtifacts | undefined;
  const modelArtifactsInfo = { dateSaved: new Date(), modelTopologyType: 'JSON' as const };
  await model.save(
    io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo };
    }),
  );
  const isLoaded = artifacts !== undefined && isGraph(artifacts.modelTopology);
  requireType(isLoaded, name, 'model must be loaded', 'one without nodes');
  return artifacts!;
}

async function loadedArtifacts(source: string | io.IOHandler): Promise<io.ModelArtifacts> {
  const handler =
    typeof source === 'string' ? (io.getLoadHandlers(source)[0] ?? io.browserHTTPRequest(source)) : source;
  const isHandler = typeof handler?.load === 'function';
  requireType(isHandler, name, 'source must be a GraphModel, a LayersModel, a URL or an IOHandler', typeof source);
  const artifacts = await handler.load!();
  const topology = artifacts.modelTopology as { model_config?: object } | undefined;
  const isModel = isGraph(topology) || topology?.model_config !== undefined;
  requireType(isModel, name, 'source must hold a graph model or a layers model', Object.keys(topology ?? {}));
  return artifacts;
}

function isGraph(topology: object | undefined): boolean {
  return Array.isArray((topology as { node?: unknown } | undefined)?.node);
}

function withSummary<Model>({ model, layers }: { model: Model; layers: LayerReport[] }): SparsifiedModel<Model> {
  const count = layers.filter(({ format }) => format !== 'dense' && format !== 'depthwise').length;
  const products = layers.filter(({ format }) => format !== 'depthwise').length;
  const summary =
    count > 0
      ? `${count} of ${products} layers have sparse weights now`
      : `nothing to sparsify in ${products} layers: the model is unchanged`;
  return { model, layers, summary };
}
