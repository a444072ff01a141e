import type { io } from '@tensorflow/tfjs-core';
import { nodeName, type GraphNode } from './graph-node.js';

/** The nodes without those candidates that nothing takes any more: no node, no output of the model. */
export function removeUnused(
  nodes: readonly GraphNode[],
  candidates: ReadonlySet<string>,
  artifacts: io.ModelArtifacts,
): GraphNode[] {
  const outputs = outputNames(artifacts);
  let kept = [...nodes];
  for (;;) {
    const used = new Set([...outputs, ...kept.flatMap(({ input = [] }) => input.map(nodeName))]);
    const left = kept.filter(({ name }) => !candidates.has(name) || used.has(name));
    if (left.length === kept.length) return left;
    kept = left;
  }
}

function outputNames({ signature, userDefinedMetadata, modelInitializer }: io.ModelArtifacts): string[] {
  const signatures = [signature, userDefinedMetadata?.signature] as (
    { outputs?: Record<string, { name: string }> } | undefined
  )[];
  const outputs = signatures.flatMap((each) => Object.values(each?.outputs ?? {}).map(({ name }) => nodeName(name)));
  const initializer = modelInitializer as { node?: GraphNode[] } | undefined;
  return [...outputs, ...(initializer?.node ?? []).map(({ name }) => name)];
}
