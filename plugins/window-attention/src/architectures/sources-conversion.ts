import {
  permuted,
  type TorchParameter,
  type WeightSource,
  type WeightSources,
} from '@tfjs-sparse/converter/checkpoints';

// Where the parts of blocks (parts/weight-layers.ts) have their weights, by the paths of torch's modules.

/** A Linear for a LinearPart or Dense. */
export function linearSources(part: string, module: string): WeightSources {
  return {
    [`${part}/kernel`]: { module, name: 'weight', convert: transposed },
    [`${part}/bias`]: { module, name: 'bias', isOptional: true },
  };
}

/** A LayerNorm for a NormPart. */
export function normSources(part: string, module: string): WeightSources {
  return { [`${part}/gamma`]: { module, name: 'weight' }, [`${part}/beta`]: { module, name: 'bias' } };
}

/** A BatchNorm for a SparseBatchNormalization that is a part. */
export function batchNormSources(part: string, module: string): WeightSources {
  return {
    ...normSources(part, module),
    [`${part}/moving_mean`]: { module, name: 'running_mean' },
    [`${part}/moving_variance`]: { module, name: 'running_var' },
  };
}

/** A torch.nn.MultiheadAttention for an AttentionPart. */
export function multiheadSources(part: string, module: string): WeightSources {
  const ofInput = (name: string, rest: Partial<WeightSource>): WeightSource => ({ module, name, ...rest });
  return {
    [`${part}/qkv`]: ofInput('in_proj_weight', { convert: transposed }),
    [`${part}/qkv_bias`]: ofInput('in_proj_bias', { isOptional: true }),
    ...outputSources(part, `${module}.out_proj`),
  };
}

/** Two Linears, for queries, keys and values together and for the output, for an AttentionPart. */
export function attentionSources(part: string, qkv: string, output: string): WeightSources {
  return {
    [`${part}/qkv`]: { module: qkv, name: 'weight', convert: transposed },
    [`${part}/qkv_bias`]: { module: qkv, name: 'bias', isOptional: true },
    ...outputSources(part, output),
  };
}

function outputSources(part: string, module: string): WeightSources {
  return {
    [`${part}/output`]: { module, name: 'weight', convert: transposed },
    [`${part}/output_bias`]: { module, name: 'bias', isOptional: true },
  };
}

export function transposed(matrix: TorchParameter): TorchParameter {
  return permuted(matrix, [1, 0]);
}
