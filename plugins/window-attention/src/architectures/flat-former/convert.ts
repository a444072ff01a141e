import {
  builtNetwork,
  ModuleTree,
  type Architecture,
  type BuiltNetwork,
  type Checkpoint,
  type WeightSources,
} from '@tfjs-sparse/converter/checkpoints';
import { requireRange } from '@tfjs-sparse/core';
import { flatFormer, type FlatFormerOptions } from '../../layers.js';
import { linearSources, multiheadSources, normSources } from '../sources-conversion.js';

/** What no weight says. */
export type FlatFormerSettings = Pick<FlatFormerOptions, 'heads' | 'windowSize' | 'groupSize'>;

const op = 'flatformer';
const published = { heads: 8, windowSize: [1, 13, 13], groupSize: 144 }; // of its configurations for Waymo
const layersOfBlock = [0, 1, 2, 3]; // along x, the same shifted, along y, the same shifted

/**
 * FlatFormer (`flatFormer`) of the authors' repository: channels, blocks and feed-forward channels come from the weights. Sites
 * are `(batch, z, y, x)`. The 2-D parts of a detector stay in `loaded.unused`.
 *
 * @param settings default those of the published configurations for Waymo: 8 heads, windows of 13 x 13, groups of 144
 */
export function flatFormerArchitecture(settings: FlatFormerSettings = {}): Architecture {
  return {
    name: op,
    summary: "FlatFormer's backbone (mit-han-lab/flatformer)",
    keys: 'block_list.0.block.0.attn.attn.in_proj_weight and block_list.0.block.0.fc1.weight',
    recognise(checkpoint) {
      const tree = treeOf(checkpoint);
      return tree && `modules ${tree.prefix}block_list with ${blocksOf(tree)} blocks of four layers`;
    },
    build: (checkpoint) => build(checkpoint, settings),
    settings: ['heads', 'windowSize', 'groupSize'],
    withSettings: (given) => flatFormerArchitecture({ ...settings, ...given }),
  };
}

function treeOf(checkpoint: Checkpoint): ModuleTree | null {
  const tree = ModuleTree.around(checkpoint, 'block_list.0.block.0.attn.attn');
  return tree?.has('block_list.0.block.0.fc1', 'weight') ? tree : null;
}

function blocksOf(tree: ModuleTree): number {
  return tree.count((block) => `block_list.${block}`);
}

async function build(checkpoint: Checkpoint, settings: FlatFormerSettings): Promise<BuiltNetwork> {
  const tree = treeOf(checkpoint);
  requireRange(tree !== null, op, `checkpoint must have ${flatFormerArchitecture().keys}`, `${checkpoint.tensors.length} tensors`); // prettier-ignore
  const blocks = blocksOf(tree);
  const used = { ...published, ...settings };
  const [hiddenUnits, filters] = tree.shape(op, 'block_list.0.block.0.fc1', 'weight');
  const model = flatFormer({ channels: filters, filters, blocks, hiddenUnits, ...used });
  const sources = Object.fromEntries(
    Array.from({ length: blocks }, (_, block) => {
      return [`block${block}`, blockSources(`${tree.prefix}block_list.${block}.block`)] as const;
    }),
  );
  const names = ['heads', 'windowSize', 'groupSize'] as const;
  const assumed = names.filter((name) => settings[name] === undefined);
  const assumptions = assumed.map((name) => `${name}: ${JSON.stringify(used[name])}`);
  return builtNetwork(op, model, checkpoint, { sources }, assumptions);
}

function blockSources(path: string): WeightSources {
  const ofLayers = layersOfBlock.map((layer): WeightSources => ({
    ...multiheadSources(`layer${layer}_attention`, `${path}.${layer}.attn.attn`),
    ...normSources(`layer${layer}_norm1`, `${path}.${layer}.norm1`),
    ...normSources(`layer${layer}_norm2`, `${path}.${layer}.norm2`),
    ...linearSources(`layer${layer}_inner`, `${path}.${layer}.fc1`),
    ...linearSources(`layer${layer}_outer`, `${path}.${layer}.fc2`),
  }));
  return Object.assign({}, ...ofLayers) as WeightSources;
}
