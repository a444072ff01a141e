import {
  builtNetwork,
  ModuleTree,
  permuted,
  type Architecture,
  type BuiltNetwork,
  type Checkpoint,
  type TorchParameter,
  type WeightSources,
} from '@tfjs-sparse/converter/checkpoints';
import { requireRange } from '@tfjs-sparse/core';
import { dsvt, type DSVTOptions } from '../../layers.js';
import { batchNormSources, linearSources, multiheadSources, normSources } from '../sources-conversion.js';

/** What no weight says. Axes are those of the map: z, y, x. */
export type DSVTSettings = Pick<
  DSVTOptions,
  'heads' | 'windowSizes' | 'hybridFactor' | 'shift' | 'setSize' | 'poolSizes'
>;

const op = 'dsvt';
const embedding = 'input_layer.posembed_layers';

const pillars: DSVTSettings = { windowSizes: [[1, 12, 12]], setSize: 36 };
const voxels: DSVTSettings = {
  windowSizes: [[32, 12, 12], [8, 12, 12], [2, 12, 12], [1, 12, 12]], // prettier-ignore
  setSize: 48,
  shift: [0, 6, 6],
  poolSizes: [[4, 1, 1], [4, 1, 1], [2, 1, 1]], // prettier-ignore
};

/**
 * DSVT's backbone (`dsvt`) of OpenPCDet and of the authors' repository: channels, blocks, stages and feed-forward channels come
 * from the weights.
 *
 * @param settings default 8 heads and the windows of the published configurations for Waymo: for one stage those of pillars
 *   (12 x 12, sets of 36), for four those of voxels (12 x 12 x 32, sets of 48, poolings of the height by 4, 4 and 2)
 */
export function dsvtArchitecture(settings: DSVTSettings = {}): Architecture {
  return {
    name: op,
    summary: 'the backbone of DSVT (OpenPCDet)',
    keys: 'stage_0.0.encoder_list.0.win_attn.self_attn.in_proj_weight and input_layer.posembed_layers.0.0.0.position_embedding_head.0.weight',
    recognise(checkpoint) {
      const tree = treeOf(checkpoint);
      if (!tree) return null;
      return `modules ${tree.prefix}stage_0 to stage_${blocksOf(tree).length - 1} with ${blocksOf(tree).join(', ')} blocks of sets`;
    },
    build: (checkpoint) => build(checkpoint, settings),
    settings: ['heads', 'windowSizes', 'hybridFactor', 'shift', 'setSize', 'poolSizes'],
    withSettings: (given) => dsvtArchitecture({ ...settings, ...given }),
  };
}

function treeOf(checkpoint: Checkpoint): ModuleTree | null {
  const tree = ModuleTree.around(checkpoint, 'stage_0.0.encoder_list.0.win_attn.self_attn');
  return tree?.has(`${embedding}.0.0.0.position_embedding_head.0`, 'weight') ? tree : null;
}

/** Of each stage. */
function blocksOf(tree: ModuleTree): number[] {
  const stages = tree.count((stage) => `stage_${stage}`);
  return Array.from({ length: stages }, (_, stage) => tree.count((block) => `stage_${stage}.${block}`));
}

async function build(checkpoint: Checkpoint, settings: DSVTSettings): Promise<BuiltNetwork> {
  const tree = treeOf(checkpoint);
  requireRange(tree !== null, op, `checkpoint must have ${dsvtArchitecture().keys}`, `${checkpoint.tensors.length} tensors`); // prettier-ignore
  const blocks = blocksOf(tree);
  const isKnown = blocks.length === 1 || blocks.length === voxels.windowSizes!.length || settings.windowSizes;
  requireRange(!!isKnown, op, 'windowSizes must be given for other than 1 or 4 stages', blocks.length);
  const used = { heads: 8, hybridFactor: [1, 2, 2], ...(blocks.length === 1 ? pillars : voxels), ...settings };
  const [hiddenUnits, filters] = tree.shape(op, 'stage_0.0.encoder_list.0.win_attn.linear1', 'weight');
  const model = dsvt({ channels: filters, filters, hiddenUnits, blocks, ...used });
  const sources: Record<string, WeightSources> = {};
  blocks.forEach((count, stage) => {
    for (let block = 0; block < count; block++) {
      sources[`stage${stage}_block${block}`] = blockSources(tree.prefix, stage, block);
    }
    const poolSize = used.poolSizes?.[stage];
    if (poolSize) sources[`pool${stage}`] = poolSources(`${tree.prefix}stage_${stage}_reduction`, poolSize);
  });
  const names = ['heads', 'windowSizes', 'hybridFactor', 'shift', 'setSize', 'poolSizes'] as const;
  const assumed = names.filter((name) => settings[name] === undefined && used[name] !== undefined);
  const assumptions = assumed.map((name) => `${name}: ${JSON.stringify(used[name])}`);
  return builtNetwork(op, model, checkpoint, { sources }, assumptions);
}

function blockSources(prefix: string, stage: number, block: number): WeightSources {
  const path = `${prefix}stage_${stage}.${block}`;
  const ofLayers = [0, 1].map((layer): WeightSources => {
    const attention = `${path}.encoder_list.${layer}.win_attn`;
    const position = `${prefix}${embedding}.${stage}.${block}.${layer}.position_embedding_head`;
    return {
      ...multiheadSources(`layer${layer}_attention`, `${attention}.self_attn`),
      ...normSources(`layer${layer}_norm1`, `${attention}.norm1`),
      ...normSources(`layer${layer}_norm2`, `${attention}.norm2`),
      ...linearSources(`layer${layer}_inner`, `${attention}.linear1`),
      ...linearSources(`layer${layer}_outer`, `${attention}.linear2`),
      ...normSources(`layer${layer}_norm`, `${path}.encoder_list.${layer}.norm`),
      ...linearSources(`position${layer}_inner`, `${position}.0`),
      ...batchNormSources(`position${layer}_norm`, `${position}.1`),
      ...linearSources(`position${layer}_outer`, `${position}.3`),
    };
  });
  const norm = normSources('norm', `${prefix}residual_norm_stage_${stage}.${block}`);
  return { ...ofLayers[0], ...ofLayers[1], ...norm };
}

/** Their cells of a window count z fastest, then y; those of a map with the axes z, y, x count x fastest. */
function poolSources(module: string, poolSize: readonly number[]): WeightSources {
  const convert = ({ shape: [cells, channels], values }: TorchParameter): TorchParameter => {
    const [z, y, x] = poolSize;
    requireRange(z * y * x === cells, op, `poolSizes must have ${cells} cells (${module}.pos_embedding)`, poolSize);
    const { values: rows } = permuted({ shape: [x, y, z, channels], values }, [2, 1, 0, 3]);
    return { shape: [cells, channels], values: rows };
  };
  return {
    position: { module, name: 'pos_embedding', convert },
    ...multiheadSources('attention', `${module}.self_attn`),
    ...normSources('norm', `${module}.norm`),
  };
}
