import type { CaseSource } from '../oracle/case-source.js';
import type { LayerDefinition } from '../src/layer-definition.js';

/** A case as data; `build` draws its numbers. The id never changes: reports and expectations name it. */
export interface CaseDefinition {
  readonly id: string;
  readonly build: () => CaseSource;
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
}

/** The cases of one op, each `<op>/<name>`. */
export function defineCases<P>(
  op: string,
  build: (id: string, parameters: P) => CaseSource,
  list: (control: Control<P>) => readonly CaseDefinition[],
  layers: readonly LayerDefinition[] = [],
): OperationCases {
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
  return { op, cases: list(Object.assign(control, { with: change })), layers };
}
