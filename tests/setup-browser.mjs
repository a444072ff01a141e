// First in every Karma bundle: tfjs with the backends that karma.conf.js names, and the stock gradients.
import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import { backend, env, setBackend } from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

const { backends, browser, isRequired } = window.__karma__.config;

setWasmPaths('/wasm/');
env().set('IS_TEST', true); // a kernel that leaks data throws
env().set('WEBGPU_CPU_FORWARD', false); // small inputs go to the GPU too

/** A broken shader does not throw, it leaves zeros: whatever the device reports fails the spec that runs. */
const deviceErrors = [];

beforeAll(async () => {
  if (backends.includes('webgpu') && (await navigator.gpu?.requestAdapter()) && (await setBackend('webgpu'))) {
    const { device } = backend();
    device.addEventListener('uncapturederror', ({ error }) => deviceErrors.push(error.message));
    device.lost.then(({ message }) => deviceErrors.push(`device lost: ${message}`));
  }
  await setBackend('cpu');
});

afterEach(() => {
  for (const message of deviceErrors.splice(0)) fail(`WebGPU: ${message}`);
});

describe('this browser', () => {
  for (const name of backends) {
    it(`has the ${name} backend`, async () => {
      if (name === 'webgpu' && !isRequired && !(await navigator.gpu?.requestAdapter())) {
        pending(`${browser} gives no WebGPU adapter`);
      }
      if (name === 'webgl' && !isRequired && !document.createElement('canvas').getContext('webgl2')) {
        pending(`${browser} gives no WebGL`);
      }
      expect(await setBackend(name)).toBe(true);
      await setBackend('cpu');
    });
  }
});
