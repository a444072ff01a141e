import { io } from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import {
  chooseArchitecture,
  withSettings,
  type Architecture,
  type ChosenArchitecture,
} from '../architectures/architecture.js';
import type { ByteSource } from '../bytes/byte-source.js';
import { readCheckpoint, type Checkpoint } from '../checkpoint/read-checkpoint.js';
import type { Graph } from '../graph/graph.js';
import { isGraph, readGraph } from '../graph/read-graph.js';
import { wellFormed } from '../lowering/well-formed.js';
import { onnxGraph } from '../onnx/onnx-graph.js';
import { readOnnx } from '../onnx/read-onnx.js';
import { exportedGraph } from '../torch/export-graph.js';
import { readExport } from '../torch/read-export.js';
import type { GivenInputs } from '../torch/script/script-inputs.js';
import { isModule } from '../torch/module/module-graph.js';
import { readTflite } from '../tflite/read-tflite.js';
import type { OnnxNetwork } from './converter-plugin.js';
import { readModelJson } from './read-model-json.js';
import { torchNetwork } from './torch-network.js';

/** What plugins know beside graphs of ordinary operators. */
export interface KnownNetworks {
  readonly architectures: readonly Architecture[];
  readonly onnxNetworks: readonly OnnxNetwork[];
}

/** What a file does not say. */
export interface NetworkSettings {
  /** Of the architecture of a state dict; default what recognises it. */
  readonly name?: string;
  /** Of that architecture. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Shapes of the inputs of TorchScript and of whole modules. */
  readonly inputs?: GivenInputs;
}

/** The network of a file. */
export interface NetworkOfFile {
  readonly network: Graph | LayersModel;
  /** What it is and how that was told, in lines for people. */
  readonly notes: readonly string[];
}

/**
 * Opens what holds a network, or the weights of one that can be told by their names.
 *
 * @throws FormatError for what is no such file; RangeError for weights of no architecture
 */
export async function networkOfFile(
  source: ByteSource,
  { architectures, onnxNetworks }: KnownNetworks,
  { name, settings, inputs }: NetworkSettings = {},
): Promise<NetworkOfFile> {
  const saved = await readModelJson(source);
  if (saved) {
    const isOfGraph = isGraph(saved.modelTopology);
    const read = async () => (isOfGraph ? readGraph(saved) : loadLayersModel(io.fromMemory(saved)));
    const network = await wellFormed('convert', read);
    return { network, notes: [`a ${isOfGraph ? 'graph' : 'layers'} model of tfjs`] };
  }
  const checkpoint = await readCheckpoint(source);
  switch (checkpoint.format) {
    case 'onnx': {
      const model = await readOnnx(source);
      for (const { recognise, build } of onnxNetworks) {
        const note = recognise(model);
        if (note !== null) return { network: await build(model), notes: [note] };
      }
      const versions = Array.from(model.opsets, ([domain, version]) => `${domain || 'ai.onnx'} ${version}`);
      return { network: await onnxGraph(model), notes: [`ONNX, ${versions.join(', ')}`] };
    }
    case 'torch export':
      return { network: await exportedGraph(await readExport(source)), notes: ['a program of torch.export'] };
    case 'tflite':
      return { network: readTflite((await source.read(0, source.size)).slice().buffer), notes: ['TFLite'] };
    default: {
      const whole = name === undefined ? await torchNetwork(source, checkpoint) : null;
      if (whole) return { network: await whole.graph(inputs), notes: [whole.note] };
      const { architecture, reason } = chosen(checkpoint, architectures, name);
      const set = settings ? withSettings(architecture, settings) : architecture;
      const { model, loaded, assumptions } = await set.build(checkpoint);
      const unused = loaded.unused.length > 0 ? [`modules of the file that are no part of it: ${loaded.unused.join(', ')}`] : []; // prettier-ignore
      return { network: model, notes: [`${architecture.name}: ${reason}`, ...assumptions, ...unused] };
    }
  }
}

/** @throws RangeError with what to do about weights of no known network, and about a module whose code is not in the file */
function chosen(
  checkpoint: Checkpoint,
  architectures: readonly Architecture[],
  name: string | undefined,
): ChosenArchitecture {
  try {
    return chooseArchitecture(checkpoint, architectures, name);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const { value } = checkpoint;
    const held = isModule(value) ? `a module of ${value.made.path}, whose code is not in the file` : 'weights without their network'; // prettier-ignore
    const advice = `the file has ${held}: save the network by torch.jit.trace, torch.export or torch.onnx.export`;
    throw new RangeError(`${error.message} (${advice})`, { cause: error });
  }
}
