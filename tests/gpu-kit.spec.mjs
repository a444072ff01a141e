import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { commandOf, missingPart, stageKit } from '../scripts/gpu-kit.mjs';

/** Skips the spec, and says so where nobody reads the list of pending specs. */
function skip(reason) {
  console.log(`SKIPPED: ${reason}`);
  pending(reason);
}

describe('gpu-kit', () => {
  it('runs conformance and a bench from its own folder, without an environment', async () => {
    const missing = missingPart();
    if (missing) return skip(missing);
    const kit = fs.mkdtempSync(path.join(os.tmpdir(), 'gpu-kit-spec-'));
    const run = (program, args) => {
      const command = commandOf(kit, program, args);
      const env = { LD_LIBRARY_PATH: command.lib };
      return spawnSync(command.file, command.args, { cwd: kit, env, encoding: 'utf8' });
    };
    try {
      await stageKit(kit);
      const onWasm = run('conformance', ['--backend', 'wasm', '--filter', 'global-pool/*']);
      expect(onWasm.stdout).toMatch(/\d+ cases: \d+ pass, 0 skip, 0 fail/);
      const onWebgpu = run('conformance', ['--backend', 'webgpu', '--filter', 'global-pool/avg']);
      expect(onWebgpu.stdout).toMatch(/1 cases: (1 pass, 0 skip|0 pass, 1 skip), 0 fail/);
      if (/1 skip/.test(onWebgpu.stdout)) console.log(`SKIPPED: gpu-kit on webgpu: ${onWebgpu.stdout}`);
      const bench = run('bench', ['subm-conv', '--case', 'kitti@0.1/c32']);
      expect(bench.stderr).toContain('--data must have lidar/kitti_odom00_000000_xyz.bin');
    } finally {
      fs.rmSync(kit, { recursive: true });
    }
  });
});
