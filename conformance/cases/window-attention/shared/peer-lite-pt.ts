import type { Safetensors, SafetensorsTensor } from '@tfjs-sparse/core';
import type { PeerReader } from '../../../src/peer-goldens.js';
import type { Signature } from '../../../src/tensor-operation.js';
import { litePTWeightShapes } from './lite-pt-weights.js';
import { orientedTensor, tensorOf } from './peer-attention.js';
import { filterOf, pointCoordinates } from './peer-serialized-block.js';
import { attributesOf, sourceOf } from './peer-tables.js';

/** Parts of our names, and what they are called in a checkpoint. */
const partNames: readonly (readonly [ours: RegExp, theirs: string])[] = [
  [/^stem\/kernel$/, 'embedding.stem.conv.weight'],
  [/^stem_norm\//, 'embedding.stem.norm/'],
  [/^encoder(\d)_block(\d)\//, 'enc.enc$1.block$2.'],
  [/^pool(\d)\/linear/, 'enc.enc$1.down.proj'],
  [/^pool(\d)\/norm/, 'enc.enc$1.down.norm.0'],
  [/^unpool(\d)\/fine_linear/, 'dec.dec$1.up.proj_skip.0'],
  [/^unpool(\d)\/fine_norm/, 'dec.dec$1.up.proj_skip.1'],
  [/^unpool(\d)\/coarse_linear/, 'dec.dec$1.up.proj.0'],
  [/^unpool(\d)\/coarse_norm/, 'dec.dec$1.up.proj.1'],
  [/convolution\//, 'conv.0/'],
  [/branch_linear\//, 'conv.1/'],
  [/branch_norm\//, 'conv.2/'],
  [/attention\/qkv_bias$/, 'attn.qkv.bias'],
  [/attention\/qkv$/, 'attn.qkv.weight'],
  [/attention\/output_bias$/, 'attn.proj.bias'],
  [/attention\/output$/, 'attn.proj.weight'],
  [/\.norm(\d)\//, '.norm$1.0/'],
  [/inner\//, 'mlp.0.fc1/'],
  [/outer\//, 'mlp.0.fc2/'],
  [/\/(kernel|gamma)$/, '.weight'],
  [/\/(bias|beta)$/, '.bias'],
  [/\/moving_mean$/, '.running_mean'],
  [/\/moving_variance$/, '.running_var'],
];

interface PeerAttributes {
  readonly in_channels: number;
  readonly enc_channels: readonly number[];
  readonly enc_depths: readonly number[];
  readonly enc_num_head: readonly number[];
  readonly enc_conv: readonly boolean[];
  readonly enc_attn: readonly boolean[];
  readonly enc_patch_size: readonly number[];
  readonly dec_channels: readonly number[];
  readonly mlp_ratio: number;
}

/** LitePT in inference mode, every weight of a checkpoint by its name. */
export function peerLitePT(operation: Signature): PeerReader {
  return (file, name) => {
    if (sourceOf(file) !== 'prs-eth/LitePT' || !name.startsWith('model_')) return null;
    const attributes = attributesOf<PeerAttributes>(file);
    const sizes = {
      encoderChannels: attributes.enc_channels,
      encoderDepths: attributes.enc_depths,
      encoderHeads: attributes.enc_num_head,
      hasConvolution: attributes.enc_conv,
      hasAttention: attributes.enc_attn,
      decoderChannels: attributes.dec_channels,
      patchSize: attributes.enc_patch_size[0],
      hiddenRatio: attributes.mlp_ratio,
    };
    const names = Object.keys(litePTWeightShapes(sizes, attributes.in_channels));
    return [
      {
        operation,
        attrs: sizes,
        inputs: {
          x: tensorOf(file, 'in.feat'),
          coordinates: pointCoordinates(file),
          ...Object.fromEntries(names.map((ours) => [ours, weightOf(file, ours)])),
        },
        outputs: { y: tensorOf(file, 'out.y') },
        tolerance: {
          output: 2e-5,
          gradient: 0,
          reason: 'float32 sums of a whole network in another order than the peer',
        },
      },
    ];
  };
}

function weightOf(file: Safetensors, ours: string): SafetensorsTensor {
  const theirs = partNames.reduce(
    (path, [part, replacement]) => path.replace(part, replacement),
    ours.replaceAll('.', '/'),
  );
  const path = `w.${theirs}`;
  const { shape } = tensorOf(file, path);
  return shape.length === 5 ? filterOf(file, path) : orientedTensor(file, path, shape.length === 2);
}
