import type { Safetensors, SafetensorsTensor } from '@tfjs-sparse/core';
import { sortedSites } from '../../../oracle/sites.js';
import type { PeerReader } from '../../../src/peer-goldens.js';
import type { Signature } from '../../../src/tensor-operation.js';
import { orientedTensor, tensorOf } from './peer-attention.js';
import { encoderNames } from './peer-encoder.js';
import { attributesOf, int32Tensor, integersOf, piecesOfSize, sourceOf } from './peer-tables.js';

interface DsvtAttributes {
  readonly nhead: readonly number[];
  readonly input_layer: {
    readonly downsample_stride: readonly (readonly number[])[];
    readonly hybrid_factor: readonly number[];
    readonly set_info: readonly (readonly [number, number])[];
    readonly shifts_list: readonly (readonly (readonly number[])[])[];
    readonly window_shape: readonly (readonly number[])[];
  };
}

const positionNames = {
  Inner: '0.weight',
  InnerBias: '0.bias',
  Mean: '1.running_mean',
  Variance: '1.running_var',
  Scale: '1.weight',
  Offset: '1.bias',
  Outer: '3.weight',
  OuterBias: '3.bias',
};

const poolNames = {
  qkv: 'self_attn.in_proj_weight',
  qkvBias: 'self_attn.in_proj_bias',
  output: 'self_attn.out_proj.weight',
  outputBias: 'self_attn.out_proj.bias',
  position: 'pos_embedding',
  scale: 'norm.weight',
  offset: 'norm.bias',
};

/** Our names of the weights of a backbone, with theirs. */
function namesOf({ input_layer: { set_info: info } }: DsvtAttributes): [string, string][] {
  return info.flatMap(([, blocks], stage) => [
    ...Object.entries(poolNames)
      .filter(() => stage < info.length - 1)
      .map(([ours, theirs]): [string, string] => [`pool_${ours}_${stage}`, `stage_${stage}_reduction.${theirs}`]),
    ...Array.from({ length: blocks }, (_, block) => block).flatMap((block): [string, string][] => [
      [`blockScale_${stage}_${block}`, `residual_norm_stage_${stage}.${block}.weight`],
      [`blockOffset_${stage}_${block}`, `residual_norm_stage_${stage}.${block}.bias`],
      ...[0, 1].flatMap((layer): [string, string][] => {
        const suffix = `_${stage}_${block}_${layer}`;
        const path = `stage_${stage}.${block}.encoder_list.${layer}`;
        const position = `input_layer.posembed_layers.${stage}.${block}.${layer}.position_embedding_head`;
        return [
          ...Object.entries(encoderNames).map(([ours, theirs]): [string, string] => [ours + suffix, `${path}.win_attn.${theirs}`]), // prettier-ignore
          [`layerScale${suffix}`, `${path}.norm.weight`],
          [`layerOffset${suffix}`, `${path}.norm.bias`],
          ...Object.entries(positionNames).map(([ours, theirs]): [string, string] => [`position${ours}${suffix}`, `${position}.${theirs}`]), // prettier-ignore
        ];
      }),
    ]),
  ]);
}

/** Sites of a backbone sorted, with the rows of a tensor that belongs to them. */
function sorted(file: Safetensors, coordinates: string) {
  const sites = piecesOfSize(integersOf(file, coordinates), 4);
  const rowOf = new Map(sites.map((site, row) => [site.join(), row]));
  const order = sortedSites(sites);
  const rows = ({ shape: [count, channels], values }: SafetensorsTensor): SafetensorsTensor => {
    const taken = order.flatMap((site) => {
      const first = rowOf.get(site.join())! * channels;
      return Array.from({ length: channels }, (_, channel) => Number(values[first + channel]));
    });
    return { dtype: 'F32', shape: [count, channels], values: Float32Array.from(taken) };
  };
  return { rows, coordinates: int32Tensor(order.flat(), [order.length, 4]) };
}

/** DSVT's backbone with its stages; its sites come in another order than ours. */
export function peerDsvt(operation: Signature): PeerReader {
  return (file, name) => {
    if (sourceOf(file) !== 'Haiyang-W/DSVT' || !name.startsWith('model_')) return null;
    const attributes = attributesOf<DsvtAttributes>(file);
    const { set_info: info, window_shape: windows, ...input } = attributes.input_layer;
    const weights = (start: string) =>
      Object.fromEntries(
        namesOf(attributes).flatMap(([ours, theirs]) => {
          const path = `${start}${theirs}`;
          if (!file.tensors.has(path)) return []; // statistics have no gradients
          const isMatrix = tensorOf(file, path).shape.length === 2 && !theirs.endsWith('pos_embedding');
          return [[ours, orientedTensor(file, path, isMatrix)]];
        }),
      );
    const given = integersOf(file, 'in.coords');
    const y = sorted(file, 'out.coords');
    const reversed = (values: readonly number[]) => [...values].reverse(); // x, y, z as z, y, x
    return [
      {
        operation,
        attrs: {
          heads: attributes.nhead[0],
          windowSizes: windows.map(reversed),
          hybrid: reversed(input.hybrid_factor),
          shift: reversed(input.shifts_list[0][1]),
          setSize: info[0][0],
          blocks: info.map(([, blocks]) => blocks),
          poolSizes: input.downsample_stride.map(reversed),
        },
        inputs: { x: tensorOf(file, 'in.x'), coordinates: int32Tensor(given, [given.length / 4, 4]), ...weights('w.') },
        outputs: { y: y.rows(tensorOf(file, 'out.y')), yCoordinates: y.coordinates },
        cotangents: { y: y.rows(tensorOf(file, 'gout.y')) },
        gradients: { x: tensorOf(file, 'grad.x'), ...weights('grad.w.') },
        tolerance: { output: 1e-5, gradient: 1e-4, reason: 'float32 sums in another order than the peer' },
      },
    ];
  };
}
