import type { ExportedArgument, ExportedGraph, ExportedNode } from './read-export.js';

const prefix = 'torch.ops.higher_order.';

/**
 * Puts nodes of inner graphs in the place of nodes that only say how these are run: without gradients, or without autocast
 * (`with torch.no_grad()` in a module). Names of inner values get the outer node's before them.
 */
export function inlined(graph: ExportedGraph): ExportedGraph {
  const nodes: ExportedNode[] = [];
  const values = { ...graph.tensor_values };
  for (const node of graph.nodes) {
    const inner = innerGraph(node);
    if (!inner) {
      nodes.push(node);
      continue;
    }
    const whole = inlined(inner.graph);
    const names = new Map(inner.graph.inputs.flatMap((input, i) => pair(nameOf(input), nameOf(inner.operands[i]))));
    const [own] = node.outputs.flatMap((output) => nameOf(output) ?? []);
    const renamed = (name: string) => names.get(name) ?? `${own}.${name}`;
    for (const [name, value] of Object.entries(whole.tensor_values))
      if (!names.has(name)) values[renamed(name)] = value;
    for (const each of whole.nodes) {
      const inputs = each.inputs.map(({ name, arg }) => ({ name, arg: withNames(arg, renamed) as ExportedArgument }));
      nodes.push({ ...each, inputs, outputs: withNames(each.outputs, renamed) as ExportedArgument[] });
    }
    node.outputs.forEach((output, i) => {
      const self = { name: 'self', arg: withNames(inner.graph.outputs[i], renamed) as ExportedArgument };
      nodes.push({ ...node, target: 'torch.ops.aten.alias.default', inputs: [self], outputs: [output] });
    });
  }
  return { ...graph, nodes, tensor_values: values };
}

interface InnerGraph extends ExportedGraph {
  readonly inputs: readonly ExportedArgument[];
  readonly outputs: readonly ExportedArgument[];
}

/** Null for a node of another kind. */
function innerGraph({ target, inputs }: ExportedNode) {
  const isAutocast = target === `${prefix}wrap_with_autocast`;
  if (!isAutocast && target !== `${prefix}wrap_with_set_grad_enabled`) return null;
  if (isAutocast && inputs[2].arg.as_bool === true) return null; // casts
  const place = inputs.findIndex(({ arg }) => arg.as_graph !== undefined);
  const { graph } = inputs[place].arg.as_graph as { readonly graph: InnerGraph };
  return { graph, operands: inputs.slice(place + 1).map(({ arg }) => arg) };
}

/** Of a tensor or size. */
function nameOf(argument: ExportedArgument): string | null {
  const { name, as_name: size } = Object.values(argument)[0] as { readonly name?: string; readonly as_name?: string };
  return name ?? size ?? null;
}

function pair(key: string | null, value: string | null): [string, string][] {
  return key === null || value === null ? [] : [[key, value]];
}

/** Names of tensors and sizes stand in fields of these names. */
function withNames(value: unknown, renamed: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => withNames(each, renamed));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]): [string, unknown] => {
    const isName = (key === 'name' || key === 'as_name') && typeof each === 'string';
    return [key, isName ? renamed(each) : withNames(each, renamed)];
  });
  return Object.fromEntries(entries);
}
