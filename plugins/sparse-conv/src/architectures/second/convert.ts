import {
  builtNetwork,
  ModuleTree,
  type Architecture,
  type BuiltNetwork,
  type Checkpoint,
} from '@tfjs-sparse/converter/checkpoints';
import { requireRange } from '@tfjs-sparse/core';
import { sparseConvRules } from '../../engines/convert.js';
import { secondEncoder } from '../../layers.js';
import { spconvLayout } from '../spconv-conversion.js';

const op = 'second';
const levels = 4;

/**
 * The middle encoder of SECOND (`secondEncoder`), which many detectors have: VoxelBackBone8x and VoxelResBackBone8x of
 * OpenPCDet, SparseEncoder of mmdet3d with convolutions. spconv 1.x and 2.x are told apart by shapes. The 2-D part of a
 * detector stays in `loaded.unused`.
 */
export const secondArchitecture: Architecture = {
  name: op,
  summary: "SECOND's middle encoder: VoxelBackBone8x, VoxelResBackBone8x (OpenPCDet), SparseEncoder (mmdet3d)",
  keys: 'conv_input.0.weight and conv_out.0.weight with conv1.0.0.weight, conv1.0.conv1.weight or encoder_layers.encoder_layer1.0.0.weight',
  recognise(checkpoint) {
    const found = layoutOf(checkpoint);
    if (!found) return null;
    const { name, tree, block, engine } = found;
    return `modules ${tree.prefix}conv_input to conv_out of ${name} with ${block} blocks, weights of ${engine === 'spconv1' ? 'spconv 1.x' : 'spconv 2.x'}`;
  },
  build,
};

interface Found {
  readonly name: string;
  readonly tree: ModuleTree;
  readonly block: 'plain' | 'residual';
  readonly engine: 'spconv1' | 'spconv2';
  /** Path of a level, counted from 1. */
  readonly level: (level: number) => string;
}

function layoutOf(checkpoint: Checkpoint): Found | null {
  const tree = ModuleTree.around(checkpoint, 'conv_input.0');
  if (!tree?.has('conv_out.0', 'weight') || !tree.has('conv_input.0', 'weight')) return null;
  const layouts = [
    { name: 'OpenPCDet', level: (level: number) => `conv${level}` },
    { name: 'mmdet3d', level: (level: number) => `encoder_layers.encoder_layer${level}` },
  ];
  for (const { name, level } of layouts) {
    const isOther = tree.count((i) => level(1 + i)) !== levels; // VoxelNeXt has conv5 and conv6
    const block = tree.has(`${level(1)}.0.conv1`, 'weight') ? 'residual' : 'plain';
    if (isOther || (block === 'plain' && !tree.has(`${level(1)}.0.0`, 'weight'))) continue;
    const engine = spconvLayout(tree, [['conv_input.0', [3, 3, 3]], ['conv_out.0', [3, 1, 1]]]); // prettier-ignore
    if (engine) return { name, tree, block, engine, level };
  }
  return null;
}

async function build(checkpoint: Checkpoint): Promise<BuiltNetwork> {
  const found = layoutOf(checkpoint);
  requireRange(found !== null, op, `checkpoint must have ${secondArchitecture.keys}`, `${checkpoint.tensors.length} tensors`); // prettier-ignore
  const { tree, block, engine, level } = found;
  const sizes = (path: string) => {
    const shape = tree.shape(op, path, 'weight');
    return engine === 'spconv1' ? shape.slice(-2) : [shape[shape.length - 1], shape[0]];
  };
  const map: Record<string, string> = {};
  const add = (convolution: string, norm: string, name: string) => {
    map[tree.prefix + convolution] = name;
    map[tree.prefix + norm] = `${name}/norm`;
  };
  const planes = [sizes('conv_input.0')[1]];
  add('conv_input.0', 'conv_input.1', 'input');
  for (let i = 0; i < levels; i++) {
    const path = level(i + 1);
    if (i > 0) {
      planes.push(sizes(`${path}.0.0`)[1]);
      add(`${path}.0.0`, `${path}.0.1`, `level${i}/down`);
    }
    const first = i > 0 ? 1 : 0;
    const blocks = block === 'residual' || i > 0 ? 2 : 1;
    for (let b = 0; b < blocks; b++) {
      const inside = `${path}.${first + b}`;
      if (block === 'plain') add(`${inside}.0`, `${inside}.1`, `level${i}/conv${b + 1}`);
      else for (const n of [1, 2]) add(`${inside}.conv${n}`, `${inside}.bn${n}`, `level${i}/block${b + 1}/conv${n}`);
    }
  }
  add('conv_out.0', 'conv_out.1', 'output');
  const model = secondEncoder({ channels: sizes('conv_input.0')[0], planes, filters: sizes('conv_out.0')[1], block });
  const rules = [sparseConvRules({ engine })];
  const assumptions = ['strides of 2, paddings of 1, at the last level and the output 0 along the height'];
  return builtNetwork(op, model, checkpoint, { rules, map }, assumptions);
}
