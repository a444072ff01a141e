import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { sequential, layers } from '@tensorflow/tfjs-layers';
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

  it('refuses another model', async () => {
    const model = denseModel();
    await writeCheckpoint(model, model.optimizer, folder, 1);
    const other = sequential({ layers: [layers.dense({ units: 1, inputShape: [2], name: 'other' })] });
    await expectAsync(readCheckpoint(other, model.optimizer, folder)).toBeRejectedWithError(
      /must hold other\/kernel, got no such tensor/,
    );
  });
});
