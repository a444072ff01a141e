import { defineCases } from './cases/define-cases.js';
import { goldensOf, requireOps } from './own-goldens.js';
import type { GoldenCase } from './src/golden-file.js';

const operation = defineCases<object>(
  'a',
  () => {
    throw new Error('no case is built');
  },
  (control) => [control('one', {}), control.with('two', {})],
);

const golden = (id: string): GoldenCase => ({
  id,
  layers: [],
  tensors: new Map(),
  spatialShape: null,
  batchSize: null,
  tolerance: { output: 0, gradient: 0, reason: 'none' },
});

describe('goldensOf', () => {
  const remedy = '; run npm run goldens -w conformance';

  it('has the goldens in the order of the cases', () => {
    const ids = goldensOf(operation, [golden('a/two'), golden('a/one')]).map(({ id }) => id);
    expect(ids).toEqual(['a/one', 'a/two']);
  });

  it('refuses an op without goldens', () => {
    const message = `conformance: op 'a' must have golden/a.safetensors, got none${remedy}`;
    expect(() => goldensOf(operation, null)).toThrowError(RangeError, message);
  });

  it('refuses a case without a golden, and a golden without a case', () => {
    const missing = `conformance: golden/a.safetensors must have a/two, got none${remedy}`;
    expect(() => goldensOf(operation, [golden('a/one')])).toThrowError(RangeError, missing);
    const other = `conformance: golden/a.safetensors must have its cases only, got a/three${remedy}`;
    const stored = ['a/one', 'a/two', 'a/three'].map(golden);
    expect(() => goldensOf(operation, stored)).toThrowError(RangeError, other);
  });
});

describe('requireOps', () => {
  it('refuses goldens that belong to no op', () => {
    expect(() => requireOps(['a'], [operation])).not.toThrow();
    const message = 'conformance: golden/b.safetensors must belong to an op of cases/, got none';
    expect(() => requireOps(['a', 'b'], [operation])).toThrowError(RangeError, message);
  });
});
