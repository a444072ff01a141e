import { openNodeBackend } from '@tfjs-sparse/conformance/node-backends';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs';
import type { BenchContext } from './bench.js';
import { fileContext } from './node-context.js';

/** Runs on tfjs' webgpu backend in this process, through npm webgpu (Dawn). */
export async function gpuContext(data: string): Promise<BenchContext> {
  const missing = await openNodeBackend('webgpu');
  if (missing) throw new Error(`bench: --backend webgpu must find an adapter, got none: ${missing}`);
  tf.env().set('IS_TEST', false); // its check for leaks would be timed
  const backend = tf.backend() as WebGPUBackend;
  backend.device.addEventListener('uncapturederror', ({ error }) => {
    console.error(`bench: the device must do its work, got ${error.message}`);
    process.exit(1);
  });
  const { vendor, architecture, device, description } = (await navigator.gpu.requestAdapter())!.info;
  const adapter = [vendor, architecture, device, description].filter(Boolean).join(' ');
  return {
    ...fileContext(data),
    runtime: `node ${process.versions.node} webgpu ${adapter}`,
    async finish() {
      backend.ensureCommandEncoderReady();
      backend.endComputePassEncoder();
      backend.submitQueue();
      await backend.device.queue.onSubmittedWorkDone();
    },
  };
}
