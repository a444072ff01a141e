import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSafetensors, type Safetensors } from '@tfjs-sparse/core';
import { filterOfEngine, type ConvolutionEngine } from './filter-of-engine.js';

const folder = fileURLToPath(new URL('../../../../../shared/golden/conv', import.meta.url));
const engines: Readonly<Record<string, ConvolutionEngine>> = {
  spconv: 'spconv2',
  torchsparse: 'torchsparse',
  minkowski: 'minkowskiEngine',
  scn: 'sparseConvNet',
};

interface Layer {
  readonly name: string;
  readonly op: string;
  readonly kernel_size?: number[];
  readonly kernel_shape?: string;
  readonly weight_layout?: string;
}

const numbers = (length: number) => Float32Array.from({ length }, (_, i) => i);

/** Of displacements that a golden has measured, the rows of its weight in our order: the last axis fastest, ascending. */
function rowsInOrder({
  shape: [count, rank],
  values,
}: {
  shape: readonly number[];
  values: ArrayLike<number | bigint>;
}) {
  const displacement = (row: number) => Array.from({ length: rank }, (_, axis) => Number(values[row * rank + axis]));
  return Array.from({ length: count }, (_, row) => row).sort((a, b) => {
    const [one, other] = [displacement(a), displacement(b)];
    const axis = one.findIndex((value, i) => value !== other[i]);
    return one[axis] - other[axis];
  });
}

describe('filterOfEngine', () => {
  const files = Object.keys(engines).flatMap((engine) => {
    const inner = join(folder, engine);
    return existsSync(inner) ? readdirSync(inner).map((name) => [engine, join(inner, name)] as const) : [];
  });
  if (files.length === 0) it('is checked by what engines did', () => pending('no folder shared/golden/conv'));
  for (const [name, engine] of Object.entries(engines)) {
    it(`has the order in which ${name} used its weights`, () => {
      let layers = 0;
      for (const [, file] of files.filter(([of]) => of === name)) {
        const golden = readSafetensors(readFileSync(file));
        for (const layer of JSON.parse(golden.metadata.get('layers') ?? '[]') as Layer[]) {
          if (compareLayer(golden, layer, engine, file)) layers++;
        }
      }
      if (files.length > 0) expect(layers).toBeGreaterThan(10);
    });
  }

  it('reads spconv 1, whose kernel comes first', () => {
    const { shape, values } = filterOfEngine('spconv1', { shape: [3, 1, 2, 2], values: numbers(12) }, [3, 1]);
    expect([shape, [...values]]).toEqual([[3, 2, 2], [...numbers(12)]]);
  });

  it('reads a kernel of volume 1 of spconv 2 as the matrix that spconv takes it for', () => {
    const { values } = filterOfEngine('spconv2', { shape: [2, 1, 1, 3], values: numbers(6) }, [1, 1]);
    expect([...values]).toEqual([...numbers(6)]); // not transposed
  });

  it('refuses shapes of another engine, kernel or length', () => {
    const refused = (engine: ConvolutionEngine, shape: number[], kernelSize: number[], message: RegExp) => {
      const values = numbers(shape.reduce((product, length) => product * length, 1));
      expect(() => filterOfEngine(engine, { shape, values }, kernelSize)).toThrowError(RangeError, message);
    };
    refused(
      'spconv2',
      [3, 3, 3, 4, 5],
      [3, 3, 3],
      /weight must be \[out, ...kernel, in\], here \[3, 3, 3, 3, 5\], got/,
    );
    refused('torchsparse', [8, 4, 5], [3, 3, 3], /weight must be \[volume, in, out\], here \[27, 4, 5\], got/);
    refused('sparseConvNet', [27, 4, 5], [3, 3, 3], /weight must be \[volume, groups/);
    refused('spconv1', [3, 4, 5], [0], /kernelSize must be of integers of at least 1, got \[0\]/);
    refused('caffe' as ConvolutionEngine, [1, 1], [1], /engine must be one of spconv2, spconv1/);
    expect(() => filterOfEngine('spconv1', { shape: [1, 2, 2], values: [1] }, [1])).toThrowError(/must have 4 values/);
  });
});

/** @returns false for layers without a box-shaped kernel of weights */
function compareLayer(golden: Safetensors, layer: Layer, engine: ConvolutionEngine, file: string): boolean {
  const tensorOf = (kind: string) => golden.tensors.get(`${kind}.${layer.name}`) ?? golden.tensors.get(kind);
  const [weight, offsets] = [tensorOf('weight'), tensorOf('offsets')];
  const { kernel_size: kernelSize, weight_layout: layout = '', kernel_shape: kernelShape } = layer;
  if (!weight || !kernelSize || kernelShape === 'cross' || layer.op === 'linear') return false;
  const volume = kernelSize.reduce((product, size) => product * size, 1);
  if (offsets?.shape[0] !== volume) return false;
  const rows = rowsInOrder(offsets);
  // Weights that say where they are, so that the order alone is compared.
  const given = numbers(weight.values.length);
  const { values } = filterOfEngine(engine, { shape: weight.shape, values: given }, kernelSize);
  const rowSize = weight.values.length / volume;
  const isOutputFirst = layout.startsWith('Cout');
  const inChannels = weight.shape[weight.shape.length - 1];
  const outChannels = weight.shape[0];
  const isGrouped = layout.startsWith('K,G') && weight.shape[1] > 1;
  if (isGrouped) return false;
  const expected = rows.flatMap((row) =>
    Array.from({ length: rowSize }, (_, i) => {
      if (!isOutputFirst) return row * rowSize + i;
      const [input, output] = [Math.floor(i / outChannels), i % outChannels];
      return (output * volume + row) * inChannels + input;
    }),
  );
  expect([...values])
    .withContext(`${file} ${layer.name}`)
    .toEqual(expected);
  return true;
}
