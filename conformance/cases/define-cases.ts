import type { CaseSource } from '../oracle/case-source.js';
import type { OracleLayer } from '../oracle/evaluate.js';
import { evaluateLayer, type LayerOracle } from '../oracle/layer-oracle.js';
import type { TensorSource } from '../oracle/tensor-source.js';
import { layerOf, readLayer, type Layer, type LayerDefinition } from '../src/layer-definition.js';
import {
  runnableOperation,
  type AsyncTensorOperation,
  type RunnableOperation,
  type TensorOperation,
} from '../src/tensor-operation.js';

/** A case as data; `build` draws its numbers. The id never changes: reports and expectations name it. */
export interface CaseDefinition {
  readonly id: string;
  readonly build: () => CaseSource | TensorSource;
}

/** Names a control case; `with` names a case that differs from it as `change` says. */
export interface Control<P> {
  (name: string, parameters: P): CaseDefinition;
  with(name: string, change: Partial<P>): CaseDefinition;
}

/** A golden layer as the runner and the oracle need it. */
export type CaseLayer = Layer & OracleLayer;

/** What conformance has of one op: the export `operation` of `cases/<plugin>/<op>.ts`. */
export interface OperationCases {
  readonly op: string;
  readonly cases: readonly CaseDefinition[];
  /** Golden layers that the file brings; empty where others bring them. */
  readonly layers: readonly CaseLayer[];
  /** What the file brings instead where its cases have dense tensors. */
  readonly tensorOperation?: RunnableOperation;
}

/** An op on features: how to run it, and what it is. */
export function defineLayer<F extends object>(definition: LayerDefinition<F> & LayerOracle<F>): CaseLayer {
  return {
    ...layerOf(definition),
    evaluate: (layer, run) => evaluateLayer(definition, readLayer(layer, definition.fields), run),
  };
}

/** The cases of one op on sites, each `<op>/<name>`. */
export function defineCases<P>(
  op: string,
  build: (id: string, parameters: P) => CaseSource,
  list: (control: Control<P>) => readonly CaseDefinition[],
  layers: readonly CaseLayer[] = [],
): OperationCases {
  return { op, cases: list(controlOf(op, build)), layers };
}

/** The cases of one op on dense tensors, each `<op>/<name>`. */
export function defineTensorCases<P, Attrs extends object>(
  operation: TensorOperation<Attrs> | AsyncTensorOperation<Attrs>,
  build: (parameters: P) => Omit<TensorSource<Attrs>, 'id'>,
  list: (control: Control<P>) => readonly CaseDefinition[],
): OperationCases {
  const { op } = operation;
  const control = controlOf<P>(op, (id, parameters) => ({ id, ...build(parameters) }));
  return { op, cases: list(control), layers: [], tensorOperation: runnableOperation(operation) };
}

function controlOf<P>(op: string, build: (id: string, parameters: P) => CaseSource | TensorSource): Control<P> {
  let base: P | undefined;
  const define = (name: string, parameters: P): CaseDefinition => {
    const id = `${op}/${name}`;
    return { id, build: () => build(id, parameters) };
  };
  const control = (name: string, parameters: P) => {
    base = parameters;
    return define(name, parameters);
  };
  const change = (name: string, changes: Partial<P>) => {
    if (base === undefined) throw new RangeError(`${op}: the control case must come before '${name}'`);
    return define(name, { ...base, ...changes });
  };
  return Object.assign(control, { with: change });
}
