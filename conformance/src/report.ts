export type Status = 'pass' | 'skip' | 'fail';

/** One line of the report. */
export interface CaseResult {
  readonly id: string;
  readonly status: Status;
  /** Largest error of any tensor, relative to max(1, max|golden|); null when nothing was compared. */
  readonly maxError: number | null;
  /** Why it failed or was skipped; null when it passed. */
  readonly reason: string | null;
  readonly ms: number;
}

const severity: readonly Status[] = ['pass', 'skip', 'fail'];

/** The worst status wins, then the larger error; the reasons of the others are dropped. */
export function worstOf(results: readonly CaseResult[]): CaseResult {
  const [first, ...others] = results;
  return others.reduce((worst, result) => (isWorse(result, worst) ? result : worst), first);
}

/** A line of text, or of JSON: `{id, status, maxError, reason}`. JSON has no Infinity: such an error is null there. */
export function formatResult({ id, status, maxError, reason, ms }: CaseResult, isJson: boolean): string {
  if (isJson) return JSON.stringify({ id, status, maxError, reason, ms: Math.round(ms) });
  const error = maxError === null ? '' : ` ${maxError.toExponential(1)}`;
  return `${status} ${id}${error}${reason ? `: ${reason}` : ''}`;
}

export function formatSummary(results: readonly CaseResult[]): string {
  const counts = severity.map((status) => `${results.filter((result) => result.status === status).length} ${status}`);
  return `${results.length} cases: ${counts.join(', ')}`;
}

/** 1 when any case failed. */
export function exitCode(results: readonly CaseResult[]): number {
  return results.some(({ status }) => status === 'fail') ? 1 : 0;
}

function isWorse(a: CaseResult, b: CaseResult): boolean {
  const difference = severity.indexOf(a.status) - severity.indexOf(b.status);
  return difference > 0 || (difference === 0 && (a.maxError ?? -1) > (b.maxError ?? -1));
}
