/** What a rule says of a node or layer that it knows. */
export interface Finding {
  /** Shape of its weights as the model has them; absent where it has none. */
  readonly shape?: readonly number[];
  /** Share of the weights that are 0, 0 to 1; absent where it does not matter. */
  readonly sparsity?: number;
  /** How the new weights are stored, as the plugin names it; absent where that did not change. */
  readonly pattern?: string;
  /** The op that computes it now; null where it stays as it is. */
  readonly kernel: string | null;
  /** Why. */
  readonly reason: string;
}

/** A finding about one node or layer of the given model. */
export interface NodeReport extends Finding {
  /** The node's or layer's name; inner models may repeat it. */
  readonly name: string;
  /** Its op or class in the given model. */
  readonly op: string;
}

/** A report in one line. */
export function summaryOf(report: readonly NodeReport[]): string {
  const count = report.filter(({ kernel }) => kernel !== null).length;
  return count > 0
    ? `${count} of ${report.length} operations run on other kernels now`
    : `nothing to convert in ${report.length} operations: the model is unchanged`;
}
