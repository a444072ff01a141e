import {
  permuted,
  type TorchParameter,
  type WeightSource,
  type WeightSources,
} from '@tfjs-sparse/converter/checkpoints';

// Where the parts of blocks (parts/weight-layers.ts) have their weights, by the paths of torch's modules. A part without a name is
// the layer itself.

/** A Linear for a LinearPart or Dense. */
export function linearSources(part: string, module: string): WeightSources {
  return {
    [inside(part, 'kernel')]: { module, name: 'weight', convert: transposed },
    [inside(part, 'bias')]: { module, name: 'bias', isOptional: true },
  };
}

/** A LayerNorm for a NormPart. */
export function normSources(part: string, module: string): WeightSources {
  return { [inside(part, 'gamma')]: { module, name: 'weight' }, [inside(part, 'beta')]: { module, name: 'bias' } };
}

/** A BatchNorm for a SparseBatchNormalization that is a part. */
export function batchNormSources(part: string, module: string): WeightSources {
  return {
    ...normSources(part, module),
    [inside(part, 'moving_mean')]: { module, name: 'running_mean' },
    [inside(part, 'moving_variance')]: { module, name: 'running_var' },
  };
}

/** A torch.nn.MultiheadAttention for an AttentionPart. */
export function multiheadSources(part: string, module: string): WeightSources {
  const ofInput = (name: string, rest: Partial<WeightSource>): WeightSource => ({ module, name, ...rest });
  return {
    [inside(part, 'qkv')]: ofInput('in_proj_weight', { convert: transposed }),
    [inside(part, 'qkv_bias')]: ofInput('in_proj_bias', { isOptional: true }),
    ...outputSources(part, `${module}.out_proj`),
  };
}

/** Two Linears, for queries, keys and values together and for the output, for an AttentionPart. */
export function attentionSources(part: string, qkv: string, output: string): WeightSources {
  return {
    [inside(part, 'qkv')]: { module: qkv, name: 'weight', convert: transposed },
    [inside(part, 'qkv_bias')]: { module: qkv, name: 'bias', isOptional: true },
    ...outputSources(part, output),
  };
}

function outputSources(part: string, module: string): WeightSources {
  return {
    [inside(part, 'output')]: { module, name: 'weight', convert: transposed },
    [inside(part, 'output_bias')]: { module, name: 'bias', isOptional: true },
  };
}

export function transposed(matrix: TorchParameter): TorchParameter {
  return permuted(matrix, [1, 0]);
}

/** A SubMConv of spconv 2, larger than one cell. */
export function submConvSources(part: string, module: string): WeightSources {
  return {
    [inside(part, 'kernel')]: { module, name: 'weight', convert: submConvFilter },
    [inside(part, 'bias')]: { module, name: 'bias', isOptional: true },
  };
}

/** The branch of a convolution, a Linear and a LayerNorm, for BranchParts. */
export function branchSources(module: string): WeightSources {
  return {
    ...submConvSources('convolution', `${module}.0`),
    ...linearSources('branch_linear', `${module}.1`),
    ...normSources('branch_norm', `${module}.2`),
  };
}

/** `[out, ...kernel, in]` as `[offsets, in, out]`. */
function submConvFilter(weight: TorchParameter): TorchParameter {
  const { shape, values } = permuted(weight, [...weight.shape.slice(1).keys()].map((axis) => axis + 1).concat(0));
  const [inChannels, outChannels] = shape.slice(-2);
  return { shape: [values.length / inChannels / outChannels, inChannels, outChannels], values };
}

function inside(part: string, weight: string): string {
  return part === '' ? weight : `${part}/${weight}`;
}
