import type { Graph } from './graph/graph.js';
import type { ModelLayers } from './model-layers.js';
import type { Finding, NodeReport } from './report.js';
import type { NodeRule, Pass, Rule } from './rule.js';

/** Shows every node to the rules and puts what they give in its place. */
export function applyRules(model: Graph | ModelLayers, rules: readonly Rule[]): Promise<NodeReport[]> {
  return model.kind === 'graph'
    ? applyToNodes(
        model,
        rules.flatMap(({ graph }) => graph ?? []),
      )
    : applyToNodes(
        model,
        rules.flatMap(({ layers }) => layers ?? []),
      );
}

/** Applies a rule only where others have changed something. */
export function rulePass(rule: Rule): Pass {
  return { graph: (graph) => applyRules(graph, [rule]), layers: (model) => applyRules(model, [rule]) };
}

/** Does the passes in order, each on what the last one left. */
export async function applyPasses(model: Graph | ModelLayers, passes: readonly Pass[]): Promise<NodeReport[]> {
  const report: NodeReport[] = [];
  for (const pass of passes) {
    report.push(...((await (model.kind === 'graph' ? pass.graph?.(model) : pass.layers?.(model))) ?? []));
  }
  return report;
}

/** The part of both forms that rules need. */
interface Nodes<Node, Replacement> {
  readonly nodes: readonly Node[];
  nameOf(node: Node): string;
  opOf(node: Node): string;
  replace(node: Node, replacement: Replacement): void;
}

async function applyToNodes<Model extends Nodes<Node, Replacement>, Node, Replacement>(
  model: Model,
  rules: readonly NodeRule<Model, Node, Replacement>[],
): Promise<NodeReport[]> {
  const report: NodeReport[] = [];
  for (const node of [...model.nodes]) {
    const [name, op] = [model.nameOf(node), model.opOf(node)];
    let finding: Finding | null = null;
    for (const rule of rules.filter(({ ops }) => ops.includes(op))) {
      const outcome = await rule.convert(node, model);
      if (!outcome) continue;
      if (outcome.kernel === null) finding ??= outcome;
      else {
        model.replace(node, outcome.replacement);
        finding = outcome;
        break;
      }
    }
    if (finding) report.push({ name, op, ...findingOf(finding) });
  }
  return report;
}

function findingOf({ shape, sparsity, pattern, kernel, reason }: Finding): Finding {
  return { shape, sparsity, pattern, kernel, reason };
}
