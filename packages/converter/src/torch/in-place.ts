import { requireFormat } from '../format-error.js';
import { isInPlace } from './aten/index.js';
import { reader } from './aten-operation.js';
import { namesOf } from './exported-arguments.js';
import type { ExportedArgument, ExportedNode, ExportedProgram } from './read-export.js';

/** Ops whose result may share memory with `self`. */
const views = new Set(
  `alias alpha_dropout chunk contiguous detach dropout expand expand_as feature_dropout
  flatten lift_fresh mT movedim narrow numpy_T
  permute positive reshape reshape_as select slice split split_with_sizes squeeze
  swapaxes swapdims t to transpose type_as unbind unflatten unfold unsafe_chunk unsqueeze view view_as`.split(/\s+/),
);

/**
 * Follows changes in place: each name as the first name of the same tensor, whose value they all have from then on.
 *
 * @throws FormatError where another view of a tensor that is changed is read later
 */
export function sameTensors({ graph, inputs, outputs }: ExportedProgram): (name: string) => string {
  const buffers = new Set(inputs.filter(({ kind }) => kind === 'buffer').map(({ name }) => name));
  const firstNames = new Map<string, string>();
  const sameAs = (name: string) => firstNames.get(name) ?? name;
  const memories = new Map<string, Set<string>>(); // by a first name, the first names of all that share its memory
  const memoryOf = (name: string) => {
    const memory = memories.get(name) ?? new Set([name]);
    memories.set(name, memory);
    return memory;
  };
  graph.nodes.forEach((node, i) => {
    const self = selfOf(node);
    if (self === null) return;
    const op = node.target.split('.')[3];
    const made = namesOf(node.outputs);
    if (isInPlace(node.target)) {
      for (const name of made) firstNames.set(name, sameAs(self));
      const others = [...memoryOf(sameAs(self))].filter((name) => name !== sameAs(self));
      requireFormat(!buffers.has(sameAs(self)), reader, 'a program must not change its buffers and inputs', self);
      if (others.length === 0) return;
      const read = new Set([...graph.nodes.slice(i + 1).flatMap(readBy), ...outputs].map(sameAs));
      const lost = others.find((name) => read.has(name));
      requireFormat(lost === undefined, reader, `${node.target} must not change a tensor of which another view is read later (run_decompositions() resolves it)`, lost); // prettier-ignore
    } else if (views.has(op)) {
      const memory = memoryOf(sameAs(self));
      for (const name of made) memories.set(name, memory.add(name));
    }
  });
  return sameAs;
}

function selfOf({ target, inputs }: ExportedNode): string | null {
  if (!target.startsWith('torch.ops.aten.')) return null;
  const [name = ''] = namesOf(inputs.slice(0, 1).map(({ arg }) => arg));
  return name === '' ? null : name;
}

function readBy({ inputs }: ExportedNode): string[] {
  return inputs.flatMap(({ arg }): string[] => namesOf([arg as ExportedArgument]));
}
