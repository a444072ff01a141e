import { memory, randomNormal, tidy, type Tensor4D } from '@tensorflow/tfjs-core';
import { slidingWindow } from '../attention-masks/patterns.js';
import { readHeadPlan } from './head-plan.js';
import { chooseHeadMasks } from './op.js';

describe('chooseHeadMasks', () => {
  it('leaves no tensor behind, and a plan that JSON holds', async () => {
    const [q, k, v] = tidy(() =>
      [1, 2, 3].map((seed) => randomNormal([1, 2, 12, 4], 0, 1, 'float32', seed) as Tensor4D),
    );
    const before = memory().numTensors;
    const plan = await chooseHeadMasks([{ q, k, v }], { window: slidingWindow({ left: 3 }) }, { maxError: 0.5 });
    expect(memory().numTensors).toBe(before);
    expect(readHeadPlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
    expect(plan.candidates['dense'].errors).toEqual([0, 0]);
    [q, k, v].forEach((x) => x.dispose());
  });
});
