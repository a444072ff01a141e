import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { openNodeBackend } from './node-backends.js';
import { readGoldenFolder, workspace } from './node-files.js';
import { operations } from './operations.js';
import { runCase } from './src/run-case.js';

const enough = 'subm-conv/sites-2500'; // of many tiles: they are smaller where workgroup memory is

describe('webgpu on a device with no more than the default limits', () => {
  it('convolves', async () => {
    const missing = await openNodeBackend('webgpu');
    if (missing) {
      console.log(`SKIPPED: default limits of webgpu: ${missing}`);
      return pending(missing);
    }
    const stock = tf.engine().registryFactory['webgpu'];
    const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
    const adapter = (await navigator.gpu.requestAdapter())!;
    const device = await adapter.requestDevice();
    expect(device.limits.maxComputeWorkgroupStorageSize).toBe(16384);
    try {
      tf.removeBackend('webgpu');
      tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 3);
      await tf.setBackend('webgpu');
      const cases = readGoldenFolder(path.join(workspace, 'golden')).flatMap((file) => file.cases);
      const result = await runCase(
        cases.find(({ id }) => id === enough)!,
        operations,
      );
      expect(result.reason).toBeNull();
    } finally {
      await tf.setBackend('cpu');
      tf.removeBackend('webgpu');
      tf.registerBackend('webgpu', stock.factory, stock.priority); // other specs start it
    }
  });
});
