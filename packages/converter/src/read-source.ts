import { GraphModel } from '@tensorflow/tfjs-converter';
import { io } from '@tensorflow/tfjs-core';
import { LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import { requireType } from '@tfjs-sparse/core';
import { Graph } from './graph/graph.js';
import { isGraph, readGraph } from './graph/read-graph.js';
import { ModelLayers } from './model-layers.js';

const name = 'convertModel';

/** A model in one of the converter's two forms, and the loaded model that it was read from, if there is one. */
export interface ReadModel {
  readonly form: Graph | ModelLayers;
  readonly loaded: GraphModel | LayersModel | null;
  /** Whether the loaded model was made here. */
  readonly isOurs: boolean;
}

/** @throws TypeError for what is no model, or one whose nodes or weights are not here */
export async function readSource(source: GraphModel | LayersModel | Graph | string | io.IOHandler): Promise<ReadModel> {
  if (source instanceof Graph) return { form: source, loaded: null, isOurs: true };
  if (source instanceof LayersModel) return { form: new ModelLayers(source), loaded: source, isOurs: false };
  if (source instanceof GraphModel) {
    return { form: readGraph(await artifactsOf(source)), loaded: source, isOurs: false };
  }
  const artifacts = await loadedArtifacts(source);
  if (isGraph(artifacts.modelTopology)) return { form: readGraph(artifacts), loaded: null, isOurs: true };
  const loaded = await loadLayersModel(io.fromMemory(artifacts));
  return { form: new ModelLayers(loaded), loaded, isOurs: true };
}

async function artifactsOf(model: GraphModel): Promise<io.ModelArtifacts> {
  const artifacts = await savedArtifacts(model);
  requireType(isGraph(artifacts.modelTopology), name, 'model must be loaded', 'one without nodes');
  return artifacts;
}

/** What a model saves, in memory. */
export async function savedArtifacts(model: GraphModel | LayersModel): Promise<io.ModelArtifacts> {
  let artifacts: io.ModelArtifacts = {};
  const modelArtifactsInfo = { dateSaved: new Date(), modelTopologyType: 'JSON' as const };
  await model.save(
    io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo };
    }),
  );
  return artifacts;
}

async function loadedArtifacts(source: string | io.IOHandler): Promise<io.ModelArtifacts> {
  const handler =
    typeof source === 'string' ? (io.getLoadHandlers(source)[0] ?? io.browserHTTPRequest(source)) : source;
  const isHandler = typeof handler?.load === 'function';
  requireType(
    isHandler,
    name,
    'source must be a GraphModel, a LayersModel, a Graph, a URL or an IOHandler',
    typeof source,
  );
  const artifacts = await handler.load!();
  const topology = artifacts.modelTopology;
  const isModel = isGraph(topology) || isLayers(topology);
  requireType(isModel, name, 'source must hold a graph model or a layers model', Object.keys(topology ?? {}));
  return artifacts;
}

/** As Keras' converter writes it, or as `model.save` of tfjs does. */
function isLayers(topology: object | undefined): boolean {
  return topology !== undefined && ('model_config' in topology || 'class_name' in topology);
}
