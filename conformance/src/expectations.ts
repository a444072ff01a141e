import type { CaseResult } from './report.js';

/** Case id to the link that says why it fails. */
export type Expectations = ReadonlyMap<string, string>;

/**
 * Reads `expectations/<browser>-<backend>.txt`: one `<id> <link>` a line; `#` begins a comment.
 *
 * @throws RangeError for a line without a link: nobody could tell when to remove it
 */
export function readExpectations(text: string): Expectations {
  const expectations = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [id, link, ...rest] = line
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/\s+/);
    if (!id) continue;
    if (!link?.startsWith('https://') || rest.length > 0) {
      throw new RangeError(`expectations: a line must be '<id> <https link>', got '${line}'`);
    }
    expectations.set(id, link);
  }
  return expectations;
}

/** An expected failure is skipped with its link; a pass that was not expected fails. */
export function applyExpectation(result: CaseResult, expectations: Expectations): CaseResult {
  const link = expectations.get(result.id);
  if (!link || result.status === 'skip') return result;
  if (result.status === 'fail')
    return { ...result, status: 'skip', reason: `expected to fail (${link}): ${result.reason}` };
  return { ...result, status: 'fail', reason: `passes, but expectations say that it fails (${link})` };
}
