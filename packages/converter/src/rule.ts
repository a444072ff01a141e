import type { layers } from '@tensorflow/tfjs-layers';
import type { LayerReplacement } from '@tfjs-sparse/layers';
import type { Graph, GraphNode } from './graph/graph.js';
import type { ModelLayers } from './model-layers.js';
import type { Finding, NodeReport } from './report.js';
import type { TorchRule } from './torch-weights/torch-rule.js';

/** How one op takes the place of others, in each kind of model that it knows. */
export interface Rule {
  /** The replacement may read new nodes, constants with new weights among them. */
  readonly graph?: GraphRule;
  readonly layers?: LayerRule;
}

export type GraphRule = NodeRule<Graph, GraphNode, GraphNode>;
export type LayerRule = NodeRule<ModelLayers, layers.Layer, LayerReplacement>;

export interface NodeRule<Model, Node, Replacement> {
  /** Ops of nodes, or classes of layers, that it looks at. */
  readonly ops: readonly string[];
  /**
   * Says what takes the node's place, or why it stays; null for nodes that are not its own, which leaves them to the next
   * rule. It changes nothing itself.
   */
  convert(node: Node, model: Model): Outcome<Replacement> | Promise<Outcome<Replacement>>;
}

export type Outcome<Replacement> =
  | (Finding & { readonly kernel: string; readonly replacement: Replacement })
  | (Finding & { readonly kernel: null })
  | null;

/** Changes a whole model: fuses nodes, say. What it returns is added to the report. */
export interface Pass {
  readonly graph?: (graph: Graph) => Reported | Promise<Reported>;
  readonly layers?: (model: ModelLayers) => Reported | Promise<Reported>;
}

type Reported = readonly NodeReport[] | void;

/** What a plugin gives to the converter. */
export interface RuleSet {
  /** Of each node the first rule that converts it counts; where none does, what the first one that knows it says. */
  readonly rules: readonly Rule[];
  /** Done in order where a rule of any set has changed something. */
  readonly passes: readonly Pass[];
  /** How the plugin's layers take tensors of torch modules (`loadTorchWeights`). */
  readonly torch?: readonly TorchRule[];
}
