import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory, zerosLike } from '@tensorflow/tfjs-core';
import {
  initializers,
  input,
  layers,
  model as functional,
  sequential,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { denseModel, makeData, weightsOf } from './training-fixture.spec.js';

describe('checkpoint', () => {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'checkpoint-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('brings back weights, optimizer and epochs, so that training goes on as if it had not stopped', async () => {
    const data = makeData();
    const options = { batchSize: 16, verbose: 0, shuffle: false } as const;
    const model = denseModel();
    await model.fit(data.x, data.y, { ...options, epochs: 2 });
    const tensors = memory().numTensors;
    await writeCheckpoint(model, model.optimizer, folder, 2);
    expect(memory().numTensors).toBe(tensors);
    await model.fit(data.x, data.y, options);
    const expected = await weightsOf(model, 'hidden');
    model.dispose(); // the names of its weights are free again
    const again = denseModel();
    expect(await readCheckpoint(again, again.optimizer, folder)).toBe(2);
    await again.fit(data.x, data.y, options);
    const difference = (await weightsOf(again, 'hidden')).map((weight, i) => Math.abs(weight - expected[i]));
    expect(Math.max(...difference)).toBeLessThan(1e-6);
  });

  it('is 0 epochs where nothing was saved', async () => {
    const model = denseModel();
    expect(await readCheckpoint(model, model.optimizer, join(folder, 'none'))).toBe(0);
  });

  it('refuses another model, shape or optimizer, changes nothing and leaves no tensor', async () => {
    const model = denseModel();
    await writeCheckpoint(model, model.optimizer, folder, 1);
    const refused = async (
      layer: { name: string; units?: number; useBias?: boolean },
      rule: RegExp,
      optimizer: 'adam' | 'sgd' = 'adam',
    ) => {
      const first = layers.dense({ units: 24, inputShape: [16], name: 'hidden' });
      const other = sequential({ layers: [first, layers.dense({ units: 4, ...layer })] });
      other.compile({ optimizer, loss: 'meanSquaredError' });
      const before = await weightsOf(other, 'hidden');
      const tensors = memory().numTensors;
      await expectAsync(readCheckpoint(other, other.optimizer, folder)).toBeRejectedWithError(RangeError, rule);
      expect(memory().numTensors).toBe(tensors);
      expect(await weightsOf(other, 'hidden')).toEqual(before);
    };
    await refused({ name: 'other' }, /must hold other\/kernel, got no such tensor/);
    await refused(
      { name: 'output', units: 5 },
      /output\/kernel of .* must be float32 \[24, 5\], got float32 \[24, 4\]/,
    );
    await refused({ name: 'output', useBias: false }, /must have every weight of .*, got none of path output\/bias/);
    await refused({ name: 'output' }, /the optimizer must be Adam, as in .*, got SGD/, 'sgd');
  });

  it('keeps the weights of layers that share a name apart', async () => {
    const part = (name: string, seed: number) => {
      const kernelInitializer = initializers.randomNormal({ seed });
      return sequential({ name, layers: [layers.dense({ units: 4, inputShape: [6], name: 'fc', kernelInitializer })] });
    };
    const wrapped = (name: string, seed: number) =>
      layers.timeDistributed({
        name,
        layer: layers.dense({ units: 2, name: 'fc', kernelInitializer: initializers.randomNormal({ seed }) }),
      });
    const x = input({ shape: [5, 6] });
    const inner = ['a', 'b'].map((name, i) =>
      layers.timeDistributed({ layer: part(name, i + 1), name: `each-${name}` }),
    );
    const flat = input({ shape: [6] });
    const shared = part('shared', 5);
    const models = [
      functional({
        inputs: flat,
        outputs: layers
          .concatenate()
          .apply(
            [part('a', 1), part('b', 2), shared, shared].map((each) => each.apply(flat) as SymbolicTensor),
          ) as SymbolicTensor,
      }),
      functional({ inputs: x, outputs: wrapped('second', 4).apply(wrapped('first', 3).apply(x)) as SymbolicTensor }),
      functional({
        inputs: x,
        outputs: layers.add().apply(inner.map((each) => each.apply(x) as SymbolicTensor)) as SymbolicTensor,
      }),
    ];
    for (const model of models) {
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      const before = await Promise.all(model.getWeights().map((weight) => weight.array()));
      await writeCheckpoint(model, model.optimizer, folder, 1);
      model.setWeights(model.getWeights().map((weight) => zerosLike(weight)));
      expect(await readCheckpoint(model, model.optimizer, folder)).toBe(1);
      expect(await Promise.all(model.getWeights().map((weight) => weight.array()))).toEqual(before);
    }
  });
});
