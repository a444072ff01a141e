import { readSafetensors, writeSafetensors } from '@tfjs-sparse/core';
import { goldenCases } from './golden-file.js';

const layer = { name: 'a', op: 'relu', in: ['in'] };
const tolerance = { output: 0, gradient: 0, reason: 'none' };

describe('goldenCases', () => {
  it('reads a file of one case, with the size of its grid', () => {
    const metadata = {
      layers: JSON.stringify([layer]),
      spatial_shape: '[4, 5]',
      engine: 'scn',
      groups: 'not applicable',
    };
    const [golden] = casesOf(metadata, ['in_features']);
    expect(golden.layers).toEqual([layer]);
    expect(golden.spatialShape).toEqual([4, 5]);
    expect([...golden.tensors.keys()]).toEqual(['in_features']);
  });

  it('takes a file of another kind as a case without layers, whatever it says', () => {
    expect(casesOf({ run: 'someone.py' }, ['in.x'])[0].layers).toEqual([]);
  });

  it('reads a file of many cases, each with its tensors', () => {
    const entries = ['a/one', 'a/two'].map((id) => ({ id, layers: [layer], tolerance }));
    const goldens = casesOf({ cases: JSON.stringify(entries) }, ['a/one/x', 'a/two/x', 'a/two/y']);
    expect(goldens.map(({ id, tensors }) => [id, ...tensors.keys()])).toEqual([
      ['a/one', 'x'],
      ['a/two', 'x', 'y'],
    ]);
  });

  const entry = { id: 'a/one', layers: [layer], tolerance };
  const refused: [string, Record<string, string>, string[], string][] = [
    [
      'metadata of one case',
      { layers: '[]', momentum: '0.9' },
      [],
      "metadata must be known to the runner, got 'momentum'",
    ],
    ['metadata of many cases', { cases: '[]', layers: '[]' }, [], "metadata must be known to the runner, got 'layers'"],
    [
      'a field of a case',
      { cases: JSON.stringify([{ ...entry, batches: 2 }]) },
      [],
      "fields of case 'a/one' must be among [id, layers, spatialShape, batchSize, tolerance], got 'batches'",
    ],
    [
      'a field of a tolerance',
      { cases: JSON.stringify([{ ...entry, tolerance: { ...tolerance, atol: 1 } }]) },
      [],
      "fields of 'tolerance' of case 'a/one' must be among [output, gradient, reason], got 'atol'",
    ],
    [
      'a layer without an op',
      { layers: '[{"name": "a", "in": []}]' },
      [],
      'layers[0].op must be a string, got undefined',
    ],
    [
      'a tensor of no case',
      { cases: JSON.stringify([entry]) },
      ['a/two/x'],
      "tensors must be named <id>/<name> after a case, got 'a/two/x'",
    ],
  ];
  for (const [what, metadata, tensors, message] of refused) {
    it(`refuses ${what} that it does not know`, () => {
      expect(() => casesOf(metadata, tensors)).toThrowError(RangeError, `golden: ${message}`);
    });
  }

  it('gives files without layers to the readers of peers, and takes the cases of all that know them', () => {
    const tensor = { dtype: 'F32', shape: [1], values: Float32Array.of(1) } as const;
    const operation = { op: 'double', inputs: { x: 'float32' }, outputs: { y: 'float32' } } as const;
    const tolerance = { output: 1e-5, gradient: 1e-4, reason: 'theirs' };
    const named = (_file: unknown, name: string) =>
      name === 'one' ? [{ operation, attrs: { by: 2 }, inputs: { x: tensor }, outputs: { y: tensor }, gradients: { x: tensor }, tolerance }] : null; // prettier-ignore
    const file = readSafetensors(writeSafetensors([], [['attributes', '{}']]));
    const [made] = goldenCases(file, 'a/one', [() => null, named]);
    expect(made.id).toBe('a/one');
    expect(made.layers).toEqual([{ name: 'double', op: 'double', in: ['x'], attrs: { by: 2 } }]);
    expect([...made.tensors.keys()]).toEqual(['x', 'out_features', 'grad_x']);
    expect(made.tolerance).toBe(tolerance);
    expect(goldenCases(file, 'a/one', [named, named]).length).toBe(2);
    expect(goldenCases(file, 'a/two', [named])[0].layers).toEqual([]);
  });
});

function casesOf(metadata: Record<string, string>, names: readonly string[]) {
  const tensors = names.map((name) => [name, { dtype: 'F32', shape: [1], values: Float32Array.of(1) }] as const);
  return goldenCases(readSafetensors(writeSafetensors(tensors, Object.entries(metadata))), 'a/one');
}
