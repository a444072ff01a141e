import {
  builtNetwork,
  type Architecture,
  type BuiltNetwork,
  type Checkpoint,
  type WeightSources,
} from '@tfjs-sparse/converter/checkpoints';
import { requireRange } from '@tfjs-sparse/core';
import { pointTransformerV3 } from '../../layers.js';
import { attentionSources, branchSources, linearSources, normSources } from '../sources-conversion.js';
import { headsOf, published, registeredConvolution, type SerializedSettings } from './settings-conversion.js';
import { Stages } from './stages-conversion.js';

const op = 'ptv3';
const channelsOfHead = 16; // in all published configurations

/**
 * Point Transformer V3 (`pointTransformerV3`) of Pointcept, alone or in a segmentor with its linear head: stages, channels,
 * blocks, feed-forward channels and relative biases come from the weights. Sites are `(batch, x, y, z)`. In PyTorch the curves
 * are shuffled anew in each run unless shuffle_orders is off; here they are in the given order.
 *
 * @param settings default 16 channels of a head, patches of 1024 and the curves z, z-trans, hilbert, hilbert-trans; SubmConv3D
 *   of tfjs' registry as `convolution`
 */
export function pointTransformerV3Architecture(settings: SerializedSettings = {}): Architecture {
  return {
    name: op,
    summary: 'Point Transformer V3 (Pointcept), with the head of a segmentor where there is one',
    keys: 'embedding.stem.conv.weight, enc.enc0.block0.cpe.0.weight and enc.enc1.down.proj.weight',
    recognise(checkpoint) {
      const stages = stagesOf(checkpoint);
      if (!stages) return null;
      const { paths } = stages.tree;
      const count = paths.filter((path) => path.endsWith('.attn.qkv')).length;
      return `modules ${stages.tree.prefix}embedding, enc and dec with ${count} blocks with cpe`;
    },
    build: (checkpoint) => build(checkpoint, settings),
    settings: ['encoderHeads', 'decoderHeads', 'patchSize', 'orders', 'strides', 'axes', 'smallClouds'],
    withSettings: (given) => pointTransformerV3Architecture({ ...settings, ...given }),
  };
}

function stagesOf(checkpoint: Checkpoint): Stages | null {
  const stages = Stages.in(op, checkpoint);
  return stages?.hasAnywhere('cpe.0') ? stages : null;
}

async function build(checkpoint: Checkpoint, settings: SerializedSettings): Promise<BuiltNetwork> {
  const stages = stagesOf(checkpoint);
  requireRange(stages !== null, op, `checkpoint must have ${pointTransformerV3Architecture().keys}`, `${checkpoint.tensors.length} tensors`); // prettier-ignore
  const { sizes, hiddenRatio } = stages;
  const heads = (name: 'encoderHeads' | 'decoderHeads', channels: readonly number[], depths: readonly number[]) =>
    headsOf(op, name, channels, depths, channelsOfHead, settings[name]);
  const used = {
    ...published,
    encoderHeads: heads('encoderHeads', sizes.encoderChannels, sizes.encoderDepths),
    decoderHeads: heads('decoderHeads', sizes.decoderChannels, sizes.decoderDepths),
    ...settings,
  };
  const head = stages.headIn(checkpoint);
  const relativeBound = boundOf(stages);
  const convolution = settings.convolution ?? registeredConvolution(op);
  const model = pointTransformerV3({
    ...sizes,
    ...used,
    hiddenRatio,
    relativeBound,
    convolution,
    classes: head?.classes,
  });
  const options = {
    sources: stages.sources((path) => blockSources(path, relativeBound !== undefined)),
    map: head ? { [head.path]: 'head' } : {},
  };
  const names = ['encoderHeads', 'decoderHeads', 'patchSize', 'orders'] as const;
  const assumed = names.filter((name) => settings[name] === undefined && used[name].toString() !== '');
  const assumptions = assumed.map((name) => `${name}: ${JSON.stringify(used[name])}`);
  return builtNetwork(op, model, checkpoint, options, assumptions);
}

function blockSources(path: string, hasRelativeBias: boolean): WeightSources {
  return {
    ...branchSources(`${path}.cpe`),
    ...normSources('norm1', `${path}.norm1.0`),
    ...attentionSources('attention', `${path}.attn.qkv`, `${path}.attn.proj`),
    ...normSources('norm2', `${path}.norm2.0`),
    ...linearSources('inner', `${path}.mlp.0.fc1`),
    ...linearSources('outer', `${path}.mlp.0.fc2`),
    ...(hasRelativeBias && { 'relative_bias/table': { module: `${path}.attn.rpe`, name: 'rpe_table' } }),
  };
}

/** Cells up to which blocks have a relative bias, of tables of 3 * (2 * bound + 1) rows. */
function boundOf({ tree }: Stages): number | undefined {
  const path = tree.paths.find((each) => each.endsWith('.attn.rpe'));
  return path === undefined ? undefined : (tree.shape(op, path, 'rpe_table')[0] / 3 - 1) / 2;
}
