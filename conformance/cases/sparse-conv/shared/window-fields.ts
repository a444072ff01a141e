import type { ConvolutionFields, WindowFields } from '../../../oracle/convolution-layers.js';
import * as field from '../../../src/fields.js';
import type { LayerBase } from '../../../src/layer-definition.js';

const sizes = field.optional(field.numbers);

/** The stride of an op that keeps its sites. */
export const noStride: field.Field<readonly number[] | undefined> = field.optional(field.listOf(field.oneOf(1)));

/** `cached:<layer>`: the sites of an earlier layer. */
export const cachedSet: field.Field<string> = (value, where) => {
  const set = field.text(value, where);
  if (!set.startsWith('cached:')) throw new RangeError(`${where} must be cached:<layer>, got "${set}"`);
  return set;
};

export const stridedSets = field.oneOf('covering', 'window', 'ts_window', 'floor', 'given');

/** @param outputSet reads the output sets that the op knows */
export function windowFields(outputSet: field.Field<string>): field.Fields<WindowFields> {
  return {
    kernel_size: sizes,
    kernel_shape: field.optional(field.oneOf('cross')),
    taps: field.optional(field.listOf(field.numbers)),
    stride: sizes,
    padding: sizes,
    dilation: sizes,
    m: sizes,
    output_set: field.optional(outputSet),
  };
}

/** What a convolution that is not transposed may say. */
export type ForwardFields = Omit<ConvolutionFields, 'output_padding'>;

/** @param outputSet reads the output sets that the op knows */
export function convolutionFields(outputSet: field.Field<string>): field.Fields<ForwardFields> {
  return {
    ...windowFields(outputSet),
    groups: field.optional(field.number),
    weight_layout: field.optional(
      field.oneOf(
        'K,Cin,Cout',
        'Cin,Cout',
        'K,G,Cin/G,Cout/G',
        'Cout,k..,Cin',
        'Cout,k..,Cin raw view as Cin,Cout',
        'K,C',
      ),
    ),
  };
}

/**
 * Holds `m` against what it must be: 1 where coordinates stay on the finest grid, else the stride.
 *
 * @throws RangeError for another one
 */
export function requireMultiplier(layer: LayerBase & WindowFields): void {
  const { name, m, stride, out_tensor_stride: tensorStride } = layer;
  const expected = tensorStride ? tensorStride.map(() => 1) : stride;
  if (m && expected && String(m) !== String(expected)) {
    throw new RangeError(`golden: 'm' of layer '${name}' must be [${expected}], got [${m}]`);
  }
}
