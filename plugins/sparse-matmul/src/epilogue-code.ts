import type { TensorInfo } from '@tensorflow/tfjs-core';
import { activateCode, activationUniform, type FusedActivation } from '@tfjs-sparse/core';

interface EpilogueInputs {
  readonly bias?: TensorInfo;
  readonly residual?: TensorInfo;
}

/** What an epilogue brings to a shader, with the WGSL of `finished(sum, channel, index)` for the output at `index`. */
export function epilogueCode({ bias, residual }: EpilogueInputs, activation: FusedActivation) {
  return {
    key: `${bias ? ' bias' : ''}${residual ? ' residual' : ''}`,
    inputs: { ...(bias && { bias }), ...(residual && { residual }) },
    uniforms: activationUniform(activation),
    code: () => /* wgsl */ `
    ${activateCode('f32')}
    fn finished(sum : f32, channel : i32, index : i32) -> f32 {
      return activated(sum${bias ? ' + bias[channel]' : ''}${residual ? ' + residual[index]' : ''});
    }`,
  };
}
