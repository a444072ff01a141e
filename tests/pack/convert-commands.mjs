import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { readSafetensors, writeSafetensors } from '@tfjs-sparse/core';
import { root } from '../../scripts/workspaces.mjs';

const golden = path.join(root, 'packages/converter/golden');

/** The commands under the converter's "Convert your model", as printed. */
export function convertCommands() {
  const text = fs.readFileSync(path.join(root, 'packages/converter/README.md'), 'utf8');
  const [, block] = /## Convert your model\n+```sh\n([\s\S]*?)```/.exec(text);
  return block
    .trim()
    .split('\n')
    .map((line) => line.replace(/ #.*/, ''));
}

/** Puts the files that the commands name into a folder. */
export function writeConvertedFiles(folder) {
  const put = (name, contents) => fs.writeFileSync(path.join(folder, name), contents);
  for (const command of convertCommands()) {
    const [, , , file] = command.split(' ');
    const known = path.join(golden, 'architectures', file);
    if (fs.existsSync(known)) put(file, fs.readFileSync(known));
  }
  const onnx = readSafetensors(fs.readFileSync(path.join(golden, 'onnx-networks.safetensors'))).tensors;
  const aten = readSafetensors(fs.readFileSync(path.join(golden, 'aten-ops/aten-ops.safetensors'))).tensors;
  const script = readSafetensors(fs.readFileSync(path.join(golden, 'torchscript/torchscript.safetensors'))).tensors;
  put('traced-encoder.pt', script.get('network-encoder-gelu-traced/script').values);
  put('pruned-mlp.pt', script.get('pruned-mlp-module/script').values);
  put('bev-encoder.onnx', fs.readFileSync(path.join(golden, 'torch/nvidia_scn_like.xyz.onnx')));
  const tflite = readSafetensors(fs.readFileSync(path.join(golden, 'tflite-networks.safetensors'))).tensors;
  put('pruned-resnet20.onnx', onnx.get('pruned-resnet20-traced/model').values);
  put('encoder.pt2', aten.get('network-encoder-gelu/program').values);
  put('pruned-mlp.tflite', tflite.get('pruned-mlp-sparse/model').values);
  put('x.safetensors', writeSafetensors(new Map([['input', onnx.get('pruned-resnet20-traced/input_0')]])));
  put('y.safetensors', writeSafetensors(new Map([['logits', onnx.get('pruned-resnet20-traced/output_0')]])));
}

/** @returns what the shell says of a command in a folder in which the packages are installed */
export function runCommand(folder, command) {
  return spawnSync('sh', ['-c', command], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, npm_config_offline: 'true' },
  });
}
