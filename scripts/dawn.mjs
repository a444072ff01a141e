// WebGPU in Node: the npm package `webgpu` (Dawn) on a Vulkan driver.
import fs from 'node:fs';
import { spawnSync } from 'node:child_process';
import { root } from './workspaces.mjs';

// Debian's lavapipe 22 is refused by Dawn; the SwiftShader inside Debian's Chromium is taken.
const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Environment variables under which Dawn finds an adapter, or null when there is none. */
export function dawnEnvironment() {
  const candidates = [{}];
  if (fs.existsSync(swiftShader)) candidates.unshift({ VK_DRIVER_FILES: swiftShader });
  if (process.env.VK_DRIVER_FILES) candidates.unshift({}); // what the user chose comes first
  return candidates.find((variables) => hasAdapter(variables)) ?? null;
}

/** In a process of its own: a driver that does not fit can end the process. */
function hasAdapter(variables) {
  const probe = `
    const { create } = await import('webgpu');
    process.exit((await create([]).requestAdapter()) ? 0 : 1);`;
  const options = { cwd: root, env: { ...process.env, ...variables }, timeout: 30_000 };
  return spawnSync(process.execPath, ['--input-type=module', '--eval', probe], options).status === 0;
}
