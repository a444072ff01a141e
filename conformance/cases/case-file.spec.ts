import { collectCases, type CaseFile } from './case-file.js';
import { defineCases } from './define-cases.js';

const operationNamed = (op: string) => ({
  operation: defineCases<object>(
    op,
    () => {
      throw new Error('no case is built');
    },
    () => [],
  ),
});
const call = { id: 'a/refused', call: () => undefined, error: null };

describe('collectCases', () => {
  it('has operations and calls in the order of the files', () => {
    const { operations, calls } = collectCases({
      'conv/bad-a': { calls: [call] },
      'conv/a': operationNamed('a'),
      'matmul/b': { ...operationNamed('b'), calls: [{ ...call, id: 'b/refused' }] },
    });
    expect(operations.map(({ op }) => op)).toEqual(['a', 'b']);
    expect(calls.map(({ id }) => id)).toEqual(['a/refused', 'b/refused']);
  });

  it('refuses a file that exports nothing usable', () => {
    const files = [
      [{}, 'nothing'],
      [{ submConv: operationNamed('a') }, 'submConv'],
    ] as const;
    for (const [file, got] of files) {
      expect(() => collectCases({ 'conv/a': file as CaseFile })).toThrowError(
        TypeError,
        `conformance: cases/conv/a must export operation or calls, got ${got}`,
      );
    }
  });

  it('refuses an op that is not called as its file', () => {
    expect(() => collectCases({ 'conv/a': operationNamed('b') })).toThrowError(
      RangeError,
      "conformance: cases/conv/a must have the op 'a', got 'b'",
    );
  });

  it('refuses two files with the same op', () => {
    expect(() => collectCases({ 'conv/a': operationNamed('a'), 'matmul/a': operationNamed('a') })).toThrowError(
      RangeError,
      "conformance: op 'a' must have one case file, got conv/a and matmul/a",
    );
  });
});
