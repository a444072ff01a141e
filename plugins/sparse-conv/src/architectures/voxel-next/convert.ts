import {
  builtNetwork,
  ModuleTree,
  type Architecture,
  type BuiltNetwork,
  type Checkpoint,
} from '@tfjs-sparse/converter/checkpoints';
import { requireRange } from '@tfjs-sparse/core';
import { sparseConvRules } from '../../engines/convert.js';
import { voxelNeXt } from '../../layers.js';

const op = 'voxelnext';
const levels = 6;

/**
 * The backbone of VoxelNeXt (`voxelNeXt`), OpenPCDet's VoxelResBackBone8xVoxelNeXt with weights of spconv 2.x. Heads stay in
 * `loaded.unused`.
 */
export const voxelNeXtArchitecture: Architecture = {
  name: op,
  summary: "VoxelNeXt's backbone: VoxelResBackBone8xVoxelNeXt (OpenPCDet)",
  keys: 'conv_input.0.weight, conv6.0.0.weight and shared_conv.0.weight',
  recognise(checkpoint) {
    const tree = treeOf(checkpoint);
    return tree && `modules ${tree.prefix}conv_input, conv1 to conv6, conv_out and shared_conv`;
  },
  build,
};

function treeOf(checkpoint: Checkpoint): ModuleTree | null {
  const tree = ModuleTree.around(checkpoint, 'conv_input.0');
  const paths = ['conv_input.0', 'conv1.0.conv1', 'conv6.0.0', 'conv_out.0', 'shared_conv.0'];
  return tree && paths.every((path) => tree.has(path, 'weight')) ? tree : null;
}

async function build(checkpoint: Checkpoint): Promise<BuiltNetwork> {
  const tree = treeOf(checkpoint);
  requireRange(tree !== null, op, `checkpoint must have ${voxelNeXtArchitecture.keys}`, `${checkpoint.tensors.length} tensors`); // prettier-ignore
  const map: Record<string, string> = {};
  const add = (convolution: string, norm: string, name: string) => {
    map[tree.prefix + convolution] = name;
    map[tree.prefix + norm] = `${name}/norm`;
  };
  const shape = (path: string) => tree.shape(op, path, 'weight'); // [out, ...kernel, in]
  const [first] = shape('conv_input.0');
  const planes = [first];
  const kernelSizes: number[] = [];
  add('conv_input.0', 'conv_input.1', 'input');
  for (let level = 0; level < levels; level++) {
    const path = `conv${level + 1}`;
    if (level > 0) {
      const [filters, kernelSize] = shape(`${path}.0.0`);
      if (level < levels - 1) {
        planes.push(filters);
        kernelSizes.push(kernelSize);
      }
      add(`${path}.0.0`, `${path}.0.1`, `level${level}/down`);
    }
    for (const block of [1, 2]) {
      const inside = `${path}.${level === 0 ? block - 1 : block}`;
      for (const n of [1, 2]) add(`${inside}.conv${n}`, `${inside}.bn${n}`, `level${level}/block${block}/conv${n}`);
    }
  }
  add('conv_out.0', 'conv_out.1', 'output');
  add('shared_conv.0', 'shared_conv.1', 'shared');
  const input = shape('conv_input.0');
  const [filters] = shape('conv_out.0');
  const model = voxelNeXt({ channels: input[input.length - 1], planes, filters, kernelSizes });
  const rules = [sparseConvRules({ engine: 'spconv2' })];
  return builtNetwork(op, model, checkpoint, { rules, map }, ['strides of 2, paddings of half a kernel']);
}
