import type { CaseSource } from '../oracle/case-source.js';
import type { TensorSource } from '../oracle/tensor-source.js';
import type { LayerDefinition } from '../src/layer-definition.js';
import type { TensorOperation } from '../src/tensor-operation.js';

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

/** What conformance has of one op. */
export interface OperationCases {
  readonly op: string;
  readonly cases: readonly CaseDefinition[];
  /** Golden layers that the file brings; empty where they are built in. */
  readonly layers: readonly LayerDefinition[];
  /** What the file brings instead where its cases have dense tensors. */
  readonly tensorOperation?: TensorOperation;
}

/** The cases of one op on sites, each `<op>/<name>`. */
export function defineCases<P>(
  op: string,
  build: (id: string, parameters: P) => CaseSource,
  list: (control: Control<P>) => readonly CaseDefinition[],
  layers: readonly LayerDefinition[] = [],
): OperationCases {
  return { op, cases: list(controlOf(op, build)), layers };
}

/** The cases of one op on dense tensors, each `<op>/<name>`. */
export function defineTensorCases<P>(
  tensorOperation: TensorOperation,
  build: (parameters: P) => Omit<TensorSource, 'id'>,
  list: (control: Control<P>) => readonly CaseDefinition[],
): OperationCases {
  const { op } = tensorOperation;
  const control = controlOf<P>(op, (id, parameters) => ({ id, ...build(parameters) }));
  return { op, cases: list(control), layers: [], tensorOperation };
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
