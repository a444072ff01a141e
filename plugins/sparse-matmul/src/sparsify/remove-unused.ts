import type { io } from '@tensorflow/tfjs-core';
import { nodeName, type GraphNode } from './graph-node.js';

/** The rewritten nodes without those that only nodes took which are gone: constants, copies, paddings. */
export function removeUnused(
  nodes: readonly GraphNode[],
  original: readonly GraphNode[],
  outputs: ReadonlySet<string>,
): GraphNode[] {
  const wereUsed = takenBy(original);
  let kept = [...nodes];
  for (;;) {
    const used = takenBy(kept);
    const isNeeded = ({ name, op }: GraphNode) =>
      used.has(name) || outputs.has(name) || !wereUsed.has(name) || op.startsWith('Placeholder');
    const left = kept.filter(isNeeded);
    if (left.length === kept.length) return left;
    kept = left;
  }
}

function takenBy(nodes: readonly GraphNode[]): Set<string> {
  return new Set(nodes.flatMap(({ input = [] }) => input.map(nodeName)));
}

/** Names of the nodes that the model gives, and those of its initialiser. */
export function outputNames({ signature, userDefinedMetadata, modelInitializer }: io.ModelArtifacts): Set<string> {
  const signatures = [signature, userDefinedMetadata?.signature] as (
    { outputs?: Record<string, { name: string }> } | undefined
  )[];
  const outputs = signatures.flatMap((each) => Object.values(each?.outputs ?? {}).map(({ name }) => nodeName(name)));
  const initializer = modelInitializer as { node?: GraphNode[] } | undefined;
  return new Set([...outputs, ...(initializer?.node ?? []).map(({ name }) => name)]);
}
