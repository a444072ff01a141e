import type { DataType, Tensor } from '@tensorflow/tfjs-core';
import type { SafetensorsTensor } from '@tfjs-sparse/core';

export type HostValues = Float32Array | Int32Array | Uint8Array;

/** An output on the host, in the golden's layout. */
export interface HostOutput {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly values: HostValues;
  /** Rows to be matched by coordinate; null for what is compared by index: tensors without sites, or whose sites the golden lacks. */
  readonly rows: {
    /** int32 `[rows, 1 + rank]` of ours, in the golden's units. */
    readonly actual: Int32Array;
    readonly expected: SafetensorsTensor;
    /** voxelize: the row of each point. */
    readonly inverse: Int32Array | null;
  } | null;
}

/** What a run left: outputs by the golden's tensor names, gradients by leaf or operand. */
export interface Execution {
  readonly outputs: ReadonlyMap<string, HostOutput>;
  /** Empty where the case has no cotangent. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/** A copy of a tensor's values; float32, int32 and bool tensors have a typed array each. */
export async function readValues(tensor: Tensor): Promise<HostValues> {
  return (await tensor.data<'float32' | 'int32' | 'bool'>()).slice();
}
