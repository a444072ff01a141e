import type { Tensor1D, Tensor3D } from '@tensorflow/tfjs-core';
import { required, sitesOf, type ForwardContext, type LayerValue } from './forward-context.js';
import type { GoldenLayer } from './golden-file.js';
import { isCentred, type LayerGeometry } from './golden-geometry.js';
import type { Sites, SparseFeatures } from './ops.js';

export function convolution(
  layer: GoldenLayer,
  filter: Tensor3D,
  bias: Tensor1D | undefined,
  context: ForwardContext,
): SparseFeatures {
  const x = sitesOf(layer.in[0], context);
  const geometry = geometryOf(layer, context);
  const { kernelSize, dilation } = geometry;
  if (layer.op === 'linear' || layer.output_set === 'same') {
    if (!isCentred(geometry))
      throw new RangeError(`golden: '${layer.name}' must have a centred window on the same sites`);
    return required(context.ops.submConv)(x, filter, { kernelSize, dilation, bias });
  }
  return required(context.ops.sparseConv)(x, filter, {
    ...stridedOptions(geometry),
    outputRule: outputRule(layer),
    bias,
  });
}

export function inverseConvolution(
  layer: GoldenLayer,
  filter: Tensor3D,
  bias: Tensor1D | undefined,
  context: ForwardContext,
): SparseFeatures {
  const target = sitesOf((layer.output_set ?? '').replace(/^cached:/, ''), context).map;
  // The rule of the strided convolution that left the target: the layer whose input lay on these sites.
  const down = context.program.golden.layers.find(
    ({ op, output_set: set, in: [input] }) =>
      op === 'conv' && set !== 'same' && isOn(context.values.get(input), target),
  );
  const options = {
    ...stridedOptions(geometryOf(layer, context)),
    outputRule: outputRule(down ?? layer),
    target,
    bias,
  };
  return required(context.ops.sparseInverseConv)(sitesOf(layer.in[0], context), filter, options);
}

export function outputRule({ output_set: set }: GoldenLayer): 'covering' | 'coveringFromMinimum' | 'floor' {
  if (set === 'ts_window') return 'coveringFromMinimum';
  return set === 'floor' ? 'floor' : 'covering';
}

function stridedOptions({ kernelSize, strides, padding, dilation }: LayerGeometry) {
  return { kernelSize, strides, padding, dilation };
}

function geometryOf(layer: GoldenLayer, { program }: ForwardContext): LayerGeometry {
  return required(program.geometries.get(layer.name));
}

function isOn(value: LayerValue | undefined, sites: Sites): boolean {
  return value?.kind === 'sites' && value.x.map === sites;
}
