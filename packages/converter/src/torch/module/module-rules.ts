import { ScriptList, ScriptTuple, type ScriptValue } from '../script/script-values.js';

/** What a module of torch.nn has: its hyper-parameters, and its weights as tensors. */
export interface ModuleAttributes {
  /** A hyper-parameter; `byDefault` for one that older versions have not. */
  get(name: string, byDefault?: ScriptValue): ScriptValue;
  /** A parameter or buffer with its mask folded in; null where the module has none. */
  tensor(name: string): ScriptValue;
}

/** An op of ATen and its arguments before and behind the input. */
export interface ModuleOp {
  readonly op: string;
  readonly before?: readonly ScriptValue[];
  readonly args?: readonly ScriptValue[];
  readonly named?: Readonly<Record<string, ScriptValue>>;
}

type Rule = (module: ModuleAttributes, rank: number) => ModuleOp | null;

const same: Rule = () => null;
const plain =
  (op: string, ...names: string[]): Rule =>
  (module) => ({ op, args: names.map((name) => module.get(name)) });

const convolution =
  (op: string): Rule =>
  (m) => {
    const kernel = [m.tensor('weight'), m.tensor('bias'), m.get('stride'), m.get('padding'), m.get('dilation'), m.get('groups')]; // prettier-ignore
    return { op, args: kernel };
  };

const transposed =
  (op: string): Rule =>
  (m) => {
    const [stride, padding, output] = [m.get('stride'), m.get('padding'), m.get('output_padding')];
    return { op, args: [m.tensor('weight'), m.tensor('bias'), stride, padding, output, m.get('groups'), m.get('dilation')] }; // prettier-ignore
  };

const normalization: Rule = (m) => ({
  op: 'batch_norm',
  args: [m.tensor('weight'), m.tensor('bias'), m.tensor('running_mean'), m.tensor('running_var'), false, 0.1, m.get('eps'), false], // prettier-ignore
});

const instance: Rule = (m) => {
  const statistics = [m.tensor('running_mean'), m.tensor('running_var')];
  const isOfInput = statistics[0] === null;
  return { op: 'instance_norm', args: [m.tensor('weight'), m.tensor('bias'), ...statistics, isOfInput, 0.1, m.get('eps'), false] }; // prettier-ignore
};

const largest =
  (op: string): Rule =>
  (m) => ({ op, args: ['kernel_size', 'stride', 'padding', 'dilation', 'ceil_mode'].map((name) => m.get(name)) });

const average =
  (op: string, isFlat = false): Rule =>
  (m) => {
    const names = ['kernel_size', 'stride', 'padding', 'ceil_mode', 'count_include_pad'];
    const divisor = isFlat ? [] : [m.get('divisor_override', null)];
    return { op, args: [...names.map((name) => m.get(name)), ...divisor] };
  };

const padded =
  (mode: string, value?: (m: ModuleAttributes) => ScriptValue): Rule =>
  (m) => ({ op: 'pad', args: [m.get('padding'), mode, value?.(m) ?? null] });

const axesOf: Readonly<Record<string, number>> = { linear: 1, bilinear: 2, bicubic: 2, trilinear: 3 };

const resized: Rule = (m, rank) => {
  const mode = String(m.get('mode'));
  const axes = axesOf[mode] ?? rank - 2;
  const perAxis = (value: ScriptValue) => {
    const isOne = value !== null && !(value instanceof ScriptTuple) && !(value instanceof ScriptList);
    return isOne ? new ScriptList(Array<ScriptValue>(axes).fill(value)) : value;
  };
  const corners = mode === 'nearest' ? [] : [m.get('align_corners') ?? false];
  return { op: `upsample_${mode}${axes}d`, args: [perAxis(m.get('size')), ...corners, perAxis(m.get('scale_factor'))] };
};

/** How modules of torch.nn are ops of ATen; null is what changes nothing in a trained network. */
export const moduleRules: Readonly<Record<string, Rule>> = {
  Identity: same,
  Dropout: same,
  Dropout1d: same,
  Dropout2d: same,
  Dropout3d: same,
  AlphaDropout: same,
  FeatureAlphaDropout: same,
  Linear: (m) => ({ op: 'linear', args: [m.tensor('weight'), m.tensor('bias')] }),
  Conv1d: convolution('conv1d'),
  Conv2d: convolution('conv2d'),
  Conv3d: convolution('conv3d'),
  ConvTranspose1d: transposed('conv_transpose1d'),
  ConvTranspose2d: transposed('conv_transpose2d'),
  BatchNorm1d: normalization,
  BatchNorm2d: normalization,
  BatchNorm3d: normalization,
  SyncBatchNorm: normalization,
  InstanceNorm1d: instance,
  InstanceNorm2d: instance,
  InstanceNorm3d: instance,
  LayerNorm: (m) => ({ op: 'layer_norm', args: [m.get('normalized_shape'), m.tensor('weight'), m.tensor('bias'), m.get('eps')] }), // prettier-ignore
  GroupNorm: (m) => ({ op: 'group_norm', args: [m.get('num_groups'), m.tensor('weight'), m.tensor('bias'), m.get('eps')] }), // prettier-ignore
  Embedding: (m) => ({ op: 'embedding', before: [m.tensor('weight')] }),
  ReLU: plain('relu'),
  ReLU6: plain('relu6'),
  LeakyReLU: plain('leaky_relu', 'negative_slope'),
  PReLU: (m) => ({ op: 'prelu', args: [m.tensor('weight')] }),
  ELU: plain('elu', 'alpha'),
  CELU: plain('celu', 'alpha'),
  SELU: plain('selu'),
  GELU: (m) => ({ op: 'gelu', named: { approximate: m.get('approximate', 'none') } }),
  SiLU: plain('silu'),
  Mish: plain('mish'),
  Sigmoid: plain('sigmoid'),
  LogSigmoid: plain('log_sigmoid'),
  Tanh: plain('tanh'),
  Softplus: plain('softplus', 'beta', 'threshold'),
  Softmax: plain('softmax', 'dim'),
  LogSoftmax: plain('log_softmax', 'dim'),
  Hardtanh: plain('hardtanh', 'min_val', 'max_val'),
  Hardswish: plain('hardswish'),
  Hardsigmoid: plain('hardsigmoid'),
  Threshold: plain('threshold', 'threshold', 'value'),
  Flatten: plain('flatten', 'start_dim', 'end_dim'),
  Unflatten: plain('unflatten', 'dim', 'unflattened_size'),
  MaxPool1d: largest('max_pool1d'),
  MaxPool2d: largest('max_pool2d'),
  MaxPool3d: largest('max_pool3d'),
  AvgPool1d: average('avg_pool1d', true),
  AvgPool2d: average('avg_pool2d'),
  AvgPool3d: average('avg_pool3d'),
  AdaptiveAvgPool1d: plain('adaptive_avg_pool1d', 'output_size'),
  AdaptiveAvgPool2d: plain('adaptive_avg_pool2d', 'output_size'),
  AdaptiveAvgPool3d: plain('adaptive_avg_pool3d', 'output_size'),
  ZeroPad2d: padded('constant'),
  ConstantPad1d: padded('constant', (m) => m.get('value')),
  ConstantPad2d: padded('constant', (m) => m.get('value')),
  ReflectionPad1d: padded('reflect'),
  ReflectionPad2d: padded('reflect'),
  ReplicationPad2d: padded('replicate'),
  PixelShuffle: plain('pixel_shuffle', 'upscale_factor'),
  PixelUnshuffle: plain('pixel_unshuffle', 'downscale_factor'),
  ChannelShuffle: plain('channel_shuffle', 'groups'),
  Upsample: resized,
  UpsamplingNearest2d: resized,
  UpsamplingBilinear2d: resized,
};
