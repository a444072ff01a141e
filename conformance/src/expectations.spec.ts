import { applyExpectation, readExpectations } from './expectations.js';
import type { CaseResult } from './report.js';

const link = 'https://example.org/issue/1';
const expectations = readExpectations(`# why this file\n\nsubm-conv/k3 ${link}  # a driver bug\n`);
const result: CaseResult = { id: 'subm-conv/k3', status: 'pass', maxError: 0, reason: null, ms: 1 };

describe('expectations', () => {
  it('skip a failure that they name, with link and reason', () => {
    const applied = applyExpectation({ ...result, status: 'fail', reason: 'off' }, expectations);
    expect(applied.status).toBe('skip');
    expect(applied.reason).toBe(`expected to fail (${link}): off`);
  });

  it('fail a case that passes although it is expected to fail', () => {
    const applied = applyExpectation(result, expectations);
    expect(applied.status).toBe('fail');
    expect(applied.reason).toBe(`passes, but expectations say that it fails (${link})`);
  });

  it('leave other cases alone', () => {
    for (const other of [
      { ...result, id: 'subm-conv/k5' },
      { ...result, status: 'skip' as const, reason: 'no op' },
    ]) {
      expect(applyExpectation(other, expectations)).toBe(other);
    }
  });

  it('refuse a line without a link', () => {
    expect(() => readExpectations('subm-conv/k3 flaky')).toThrowError(
      RangeError,
      "expectations: a line must be '<id> <https link>', got 'subm-conv/k3 flaky'",
    );
  });
});
