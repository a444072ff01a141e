import { matchesGlob } from './glob.js';
import { exitCode, formatResult, formatSummary, worstOf, type CaseResult } from './report.js';

const pass: CaseResult = { id: 'a/b', status: 'pass', maxError: 2e-7, reason: null, ms: 1.25 };
const skip: CaseResult = { ...pass, status: 'skip', maxError: null, reason: 'needs unpooling' };
const fail: CaseResult = { ...pass, status: 'fail', maxError: Infinity, reason: 'wrong' };

describe('report', () => {
  it('takes the worst of several results', () => {
    expect(worstOf([pass, fail, skip])).toBe(fail);
    expect(worstOf([pass, skip])).toBe(skip);
    expect(worstOf([pass, { ...pass, maxError: 3e-7 }]).maxError).toBe(3e-7);
  });

  it('writes a line of text or of JSON', () => {
    expect(formatResult(pass, false)).toBe('pass a/b 2.0e-7');
    expect(formatResult(skip, false)).toBe('skip a/b: needs unpooling');
    expect(JSON.parse(formatResult(fail, true))).toEqual({
      id: 'a/b',
      status: 'fail',
      maxError: null,
      reason: 'wrong',
      ms: 1,
    });
  });

  it('fails exactly when a case failed', () => {
    expect(exitCode([pass, skip])).toBe(0);
    expect(exitCode([pass, fail])).toBe(1);
    expect(formatSummary([pass, skip, fail])).toBe('3 cases: 1 pass, 1 skip, 1 fail');
  });
});

describe('matchesGlob', () => {
  it('matches whole ids, * being any text', () => {
    expect(matchesGlob('subm-conv/k3', 'subm-conv/*')).toBe(true);
    expect(matchesGlob('subm-conv/k3', '*')).toBe(true);
    expect(matchesGlob('subm-conv/k3', 'subm-conv')).toBe(false);
    expect(matchesGlob('subm-conv/k3', 'subm.conv/k3')).toBe(false);
  });
});
