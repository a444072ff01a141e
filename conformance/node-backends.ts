import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { enableExtendedDevice } from '@tfjs-sparse/core';
import { prepareEnvironment } from './src/prepare-environment.js';

export { adapterLine } from './adapter-line.js';

setWasmPaths(wasmFolder());

// Debian's chromium brings SwiftShader, a Vulkan driver in software; Dawn finds it only when told.
const softwareDriver = '/usr/lib/chromium/vk_swiftshader_icd.json';

/**
 * Makes a tfjs backend the active one in Node; webgpu comes from npm `webgpu` (Dawn).
 *
 * @param isExtended webgpu on the device of `enableExtendedDevice`
 * @returns why there is no such backend here, or null
 */
export async function openNodeBackend(name: string, isExtended = false): Promise<string | null> {
  if (name === 'webgpu') {
    const problem = await provideWebgpu();
    if (problem) return problem;
    if (isExtended) enableExtendedDevice((await import('@tensorflow/tfjs-backend-webgpu')).WebGPUBackend);
  }
  const isActive = await tf.setBackend(name).catch(() => false);
  if (!isActive) return `tfjs could not initialise its ${name} backend`;
  prepareEnvironment();
  return null;
}

/** Gives Node the browser's `navigator.gpu`, from Dawn. @returns why it cannot, or null */
export async function provideWebgpu(): Promise<string | null> {
  const dawn = await import('webgpu').catch((error: unknown) => String(error));
  if (typeof dawn === 'string') return `npm package webgpu does not load: ${dawn}`;
  Object.assign(globalThis, dawn.globals);
  const hasAdapter = async () => {
    const gpu = dawn.create([]);
    Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
    return (await gpu.requestAdapter()) !== null;
  };
  if (!(await hasAdapter())) {
    const canFallBack = !process.env.VK_DRIVER_FILES && fs.existsSync(softwareDriver);
    if (canFallBack) process.env.VK_DRIVER_FILES = softwareDriver;
    if (!canFallBack || !(await hasAdapter())) return noAdapter(process.env.VK_DRIVER_FILES);
  }
  await import('@tensorflow/tfjs-backend-webgpu'); // registers itself only where navigator.gpu exists
  return null;
}

/** @param driver value of VK_DRIVER_FILES */
export function noAdapter(driver: string | undefined): string {
  if (!driver) return 'no WebGPU adapter (set VK_DRIVER_FILES to a Vulkan driver)';
  return `no WebGPU adapter: Dawn takes none of the driver that VK_DRIVER_FILES names, ${driver}`;
}

function wasmFolder(): string {
  return path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + path.sep;
}
