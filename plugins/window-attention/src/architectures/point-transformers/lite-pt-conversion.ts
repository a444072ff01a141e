import {
  builtNetwork,
  type Architecture,
  type BuiltNetwork,
  type Checkpoint,
  type WeightSources,
} from '@tfjs-sparse/converter/checkpoints';
import { requireRange } from '@tfjs-sparse/core';
import { litePT, type LitePTOptions } from '../../layers.js';
import { attentionSources, branchSources, linearSources, normSources } from '../sources-conversion.js';
import { headsOf, published, registeredConvolution, type SerializedSettings } from './settings-conversion.js';
import { Stages, type Way } from './stages-conversion.js';

const op = 'litept';
const channelsOfHead = 18; // in all published configurations

export type LitePTSettings = SerializedSettings & Pick<LitePTOptions, 'frequency'>;

/**
 * LitePT (`litePT`), alone or in a segmentor with its linear head: stages, channels, blocks, which stages have convolutions and
 * attention, and feed-forward channels come from the weights. Sites are `(batch, x, y, z)`. In PyTorch the curves are shuffled
 * anew in each run; here they are in the given order.
 *
 * @param settings default 18 channels of a head, patches of 1024, the curves z, z-trans, hilbert, hilbert-trans and a frequency
 *   of 100; SubmConv3D of tfjs' registry as `convolution`
 */
export function litePTArchitecture(settings: LitePTSettings = {}): Architecture {
  return {
    name: op,
    summary: 'LitePT (prs-eth/LitePT), with the head of a segmentor where there is one',
    keys: 'embedding.stem.conv.weight, enc.enc1.down.proj.weight and enc.enc0.block0.conv.0.weight or norm0.0.weight of blocks',
    recognise(checkpoint) {
      const stages = stagesOf(checkpoint);
      if (!stages) return null;
      const { prefix, paths } = stages.tree;
      const count = (end: string) => paths.filter((path) => path.endsWith(end)).length;
      return `modules ${prefix}embedding, enc and dec with ${count('.conv.0')} convolutions and ${count('.attn.qkv')} attentions in blocks`;
    },
    build: (checkpoint) => build(checkpoint, settings),
    settings: ['encoderHeads', 'decoderHeads', 'patchSize', 'orders', 'strides', 'axes', 'smallClouds', 'frequency'],
    withSettings: (given) => litePTArchitecture({ ...settings, ...given }),
  };
}

function stagesOf(checkpoint: Checkpoint): Stages | null {
  const stages = Stages.in(op, checkpoint);
  return stages && (stages.hasAnywhere('conv.0') || stages.hasAnywhere('norm0.0')) ? stages : null;
}

async function build(checkpoint: Checkpoint, settings: LitePTSettings): Promise<BuiltNetwork> {
  const stages = stagesOf(checkpoint);
  requireRange(stages !== null, op, `checkpoint must have ${litePTArchitecture().keys}`, `${checkpoint.tensors.length} tensors`); // prettier-ignore
  const { sizes, hiddenRatio } = stages;
  const has = (way: Way, depths: readonly number[], name: string) =>
    depths.map((_, stage) => stages.hasInBlocks(way, stage, name));
  const [encoderConvolutions, decoderConvolutions] = [has('encoder', sizes.encoderDepths, 'conv.0'), has('decoder', sizes.decoderDepths, 'conv.0')]; // prettier-ignore
  const [encoderAttention, decoderAttention] = [has('encoder', sizes.encoderDepths, 'attn.qkv'), has('decoder', sizes.decoderDepths, 'attn.qkv')]; // prettier-ignore
  const heads = (name: 'encoderHeads' | 'decoderHeads', channels: readonly number[], attention: readonly boolean[]) =>
    headsOf(op, name, channels, attention.map(Number), channelsOfHead, settings[name]);
  const used = {
    ...published,
    frequency: 100,
    encoderHeads: heads('encoderHeads', sizes.encoderChannels, encoderAttention),
    decoderHeads: heads('decoderHeads', sizes.decoderChannels, decoderAttention),
    ...settings,
  };
  const head = stages.headIn(checkpoint);
  const model = litePT({
    ...sizes,
    ...used,
    ...{ encoderConvolutions, decoderConvolutions, encoderAttention, decoderAttention, hiddenRatio },
    convolution: settings.convolution ?? registeredConvolution(op),
    classes: head?.classes,
  });
  const options = {
    sources: stages.sources((path, way, stage) => blockSources(stages, path, way, stage)),
    map: head ? { [head.path]: 'head' } : {},
  };
  const names = ['encoderHeads', 'decoderHeads', 'patchSize', 'orders', 'frequency'] as const;
  const assumed = names.filter((name) => settings[name] === undefined);
  const assumptions = assumed.map((name) => `${name}: ${JSON.stringify(used[name])}`);
  return builtNetwork(op, model, checkpoint, options, assumptions);
}

function blockSources(stages: Stages, path: string, way: Way, stage: number): WeightSources {
  const first = stages.hasInBlocks(way, stage, 'conv.0') ? branchSources(`${path}.conv`) : normSources('norm0', `${path}.norm0.0`); // prettier-ignore
  if (!stages.hasInBlocks(way, stage, 'attn.qkv')) return first;
  return {
    ...first,
    ...normSources('norm1', `${path}.norm1.0`),
    ...attentionSources('attention', `${path}.attn.qkv`, `${path}.attn.proj`),
    ...normSources('norm2', `${path}.norm2.0`),
    ...linearSources('inner', `${path}.mlp.0.fc1`),
    ...linearSources('outer', `${path}.mlp.0.fc2`),
  };
}
