import type { ByteSource } from '../bytes/byte-source.js';
import type { Checkpoint } from '../checkpoint/read-checkpoint.js';
import type { Graph } from '../graph/graph.js';
import { openArchive } from '../torch/archive.js';
import { isModule, moduleGraph, otherModules } from '../torch/module/module-graph.js';
import { rootOf } from '../torch/read-torch.js';
import type { GivenInputs } from '../torch/script/script-inputs.js';
import { torchScriptGraph } from '../torch/script/script-graph.js';

export interface TorchNetwork {
  /** What it is, in a line for people. */
  readonly note: string;
  /** @throws FormatError for what is not covered, and for inputs whose shapes are neither in the file nor given */
  graph(inputs: GivenInputs | undefined): Promise<Graph>;
}

/**
 * The network that a file of torch itself holds: code of TorchScript, or a whole module of classes of torch.nn.
 *
 * @returns null for weights alone, for a module of classes whose code is elsewhere, and for files of others
 */
export async function torchNetwork(source: ByteSource, { format, value }: Checkpoint): Promise<TorchNetwork | null> {
  if (format === 'torch zip') {
    const archive = await openArchive(source);
    if (archive.names.some((name) => name.startsWith(`${rootOf(source, archive)}code/`))) {
      return { note: 'TorchScript', graph: (inputs) => torchScriptGraph(source, archive, inputs) };
    }
  }
  const isOfTorch = format === 'torch zip' || format === 'torch legacy';
  if (!isOfTorch || !isModule(value) || otherModules(value).length > 0) return null;
  return { note: `a module that was saved whole: ${value.made.path}`, graph: (inputs) => moduleGraph(value, inputs) };
}
