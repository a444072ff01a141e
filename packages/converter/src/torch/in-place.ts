import { requireFormat } from '../format-error.js';
import { isInPlace } from './aten/index.js';
import { reader } from './aten-operation.js';
import { namesOf } from './exported-arguments.js';
import type { ExportedNode, ExportedProgram } from './read-export.js';

/** How a program's changes in place are followed: a graph of tfjs has none. */
export interface Changes {
  /** The first name of the same tensor; all of its names have the value of the last change. */
  sameAs(name: string): string;
  /** Views through which a node changes other tensors that are read later, from its own tensor on. */
  viewsBehind(node: ExportedNode): readonly ExportedNode[];
}

/** Views that a change can be written through. */
const writable = new Set(['alias', 'detach', 'select', 'slice', 'squeeze', 'unsqueeze', 'view']);

/** Ops whose result may share memory with their first argument. */
const views = new Set([
  ...writable,
  ...`alpha_dropout chunk contiguous dropout expand expand_as feature_dropout flatten mT movedim narrow numpy_T permute
  positive ravel reshape reshape_as split split_with_sizes swapaxes swapdims t to transpose type_as unbind unflatten unfold
  unsafe_chunk view_as`.split(/\s+/),
]);

/** @throws FormatError where another view of a changed tensor is read later, that the change cannot be written into */
export function followChanges({ graph, inputs, outputs }: ExportedProgram): Changes {
  const buffers = new Set(inputs.filter(({ kind }) => kind === 'buffer').map(({ name }) => name));
  const firstNames = new Map<string, string>();
  const sameAs = (name: string) => firstNames.get(name) ?? name;
  const memories = new Map<string, Set<string>>(); // by a first name, the first names of all that share its memory
  const memoryOf = (name: string) => {
    const memory = memories.get(name) ?? new Set([name]);
    memories.set(name, memory);
    return memory;
  };
  const viewNodes = new Map<string, ExportedNode>();
  const chainOf = (name: string): ExportedNode[] => {
    const view = viewNodes.get(name);
    return view ? [view, ...chainOf(sameAs(selfOf(view)!))] : [];
  };
  const viewsBehind = new Map<ExportedNode, readonly ExportedNode[]>();
  graph.nodes.forEach((node, i) => {
    const self = selfOf(node);
    if (self === null) return;
    const [own, made] = [sameAs(self), namesOf(node.outputs)];
    if (!isInPlace(node.target)) {
      if (!views.has(opOf(node))) return;
      const memory = memoryOf(own);
      for (const name of made) memories.set(name, memory.add(name));
      for (const name of made) viewNodes.set(name, node);
      return;
    }
    for (const name of made) firstNames.set(name, own);
    const memory = [...memoryOf(own)];
    requireFormat(!memory.some((name) => buffers.has(name)), reader, 'a program must not change its buffers and inputs', self); // prettier-ignore
    if (memory.length === 1) return;
    const read = new Set([...graph.nodes.slice(i + 1).flatMap(readBy), ...outputs].map(sameAs));
    const chain = chainOf(own);
    const isWritable = chain.every((view) => writable.has(opOf(view)));
    const written = new Set(isWritable ? chain.map((view) => sameAs(selfOf(view)!)) : []);
    const lost = memory.find((name) => name !== own && !written.has(name) && read.has(name));
    requireFormat(lost === undefined, reader, `${node.target} must not change a tensor of which another view is read later (run_decompositions() resolves it)`, lost); // prettier-ignore
    if (isWritable) viewsBehind.set(node, chain);
  });
  return { sameAs, viewsBehind: (node) => viewsBehind.get(node) ?? [] };
}

function opOf({ target }: ExportedNode): string {
  return target.split('.')[3];
}

/** The tensor that an op of ATen has as its first argument. */
export function selfOf({ target, inputs }: ExportedNode): string | null {
  if (!target.startsWith('torch.ops.aten.')) return null;
  const [name = ''] = namesOf(inputs.slice(0, 1).map(({ arg }) => arg));
  return name === '' ? null : name;
}

function readBy({ inputs }: ExportedNode): string[] {
  return inputs.flatMap(({ arg }) => namesOf([arg]));
}
