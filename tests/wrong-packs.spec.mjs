import { fileURLToPath } from 'node:url';
import { memory } from '@tensorflow/tfjs-core';
import { classifyClothes } from '@tfjs-sparse/fashion-mobilenet-90';
import { ScanSegmenter, segmentScan } from '@tfjs-sparse/lidar-minkunet';
import { loadShakespeareSae } from '@tfjs-sparse/shakespeare-sae';
import { loadShakespeare } from '@tfjs-sparse/shakespeare-topk';
import { classifyShapes } from '@tfjs-sparse/shapes-flatformer';
import { classifyWafers } from '@tfjs-sparse/wafer-sscn';

describe('a pack of another kind', () => {
  const point = [1, 2, 3];
  const uses = {
    segmentScan: ['lidar-minkunet', (source) => segmentScan([point], { source })],
    ScanSegmenter: ['lidar-minkunet', (source) => ScanSegmenter.open({ source })],
    classifyShapes: ['shapes-flatformer', (source) => classifyShapes([[point]], { source })],
    classifyWafers: ['wafer-sscn', (source) => classifyWafers([[[1, 2], [2, 1]]], { source })],
    classifyClothes: ['fashion-mobilenet-90', (source) => classifyClothes([new Float32Array(784)], { source })],
    loadShakespeare: ['shakespeare-topk', (source) => loadShakespeare({ source })],
    loadShakespeareSae: ['shakespeare-sae', (source) => loadShakespeareSae({ source })],
  }; // prettier-ignore
  const folderOf = (name) => fileURLToPath(new URL(`../models/${name}`, import.meta.url));

  for (const [op, [kind, use]] of Object.entries(uses)) {
    it(`is refused by ${op}, and freed`, async () => {
      const others = [...new Set(Object.values(uses).map(([name]) => name))].filter((name) => name !== kind);
      for (const other of others) {
        const before = memory().numTensors;
        const rule = `${op}: source must be a pack of the kind of ${kind}, got ${other}`;
        await expectAsync(use(folderOf(other)))
          .withContext(other)
          .toBeRejectedWithError(RangeError, rule);
        expect(memory().numTensors).withContext(other).toBe(before);
      }
    });
  }
});
