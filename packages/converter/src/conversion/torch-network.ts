import type { ByteSource } from '../bytes/byte-source.js';
import type { Checkpoint } from '../checkpoint/read-checkpoint.js';
import type { Graph } from '../graph/graph.js';
import { openArchive } from '../torch/archive.js';
import { isModule, moduleGraph, otherModules } from '../torch/module/module-graph.js';
import { rootOf } from '../torch/read-torch.js';
import type { GivenInputs } from '../torch/script/script-inputs.js';
import { torchScriptGraph } from '../torch/script/script-graph.js';

/**
 * The network that a file of torch itself holds: code of TorchScript, or a whole module of classes of torch.nn.
 *
 * @returns null for weights alone, and for a module of classes whose code is elsewhere
 */
export async function torchNetwork(
  source: ByteSource,
  { format, value }: Checkpoint,
  inputs: GivenInputs | undefined,
): Promise<{ readonly network: Graph; readonly notes: readonly string[] } | null> {
  if (format === 'torch zip') {
    const archive = await openArchive(source);
    if (archive.names.some((name) => name.startsWith(`${rootOf(source, archive)}code/`))) {
      return { network: await torchScriptGraph(source, archive, inputs), notes: ['TorchScript'] };
    }
  }
  if (!format.startsWith('torch') || !isModule(value) || otherModules(value).length > 0) return null;
  return { network: await moduleGraph(value, inputs), notes: [`a module that was saved whole: ${value.made.path}`] };
}
