import { integers, numbersAttribute, text, textAttribute, type Rule } from '@tfjs-sparse/converter';
import { layerRule } from '../matmul/layer-conversion.js';
import { productRule, type ProductReader } from '../matmul/product-conversion.js';
import { notNhwc, type SparseWeightRuleOptions } from '../matmul/weights-conversion.js';
import { graphOp } from './graph-op.js';

/** Convolutions of NHWC images with filters of more than one place. */
export function conv2DRule(options: SparseWeightRuleOptions): Rule {
  return {
    graph: productRule(
      {
        ops: ['Conv2D', '_FusedConv2D'],
        graphOp,
        kernelOf: () => 'sparseConv2D',
        isMatrix: ([height, width, ...channels]) => channels.length === 2 && height * width > 1,
        read,
      },
      options,
    ),
    layers: layerRule(
      {
        ops: ['Conv2D'],
        takes: (layer) => [layer.getConfig().kernelSize].flat().some((size) => size !== 1),
        kernelOf: () => 'sparseConv2D',
        obstacleOf: (layer) => (layer.getConfig().dataFormat === 'channelsFirst' ? notNhwc : null),
      },
      options,
    ),
  };
}

const read: ProductReader['read'] = (node, [height, width]) => {
  if ((textAttribute(node, 'data_format') ?? 'NHWC') !== 'NHWC') return notNhwc;
  const [, down, right] = numbersAttribute(node, 'strides') ?? [1, 1, 1, 1];
  const [, ...rates] = numbersAttribute(node, 'dilations') ?? [1, 1, 1, 1];
  const padding = textAttribute(node, 'padding') ?? 'VALID';
  const pads = padding === 'EXPLICIT' ? numbersAttribute(node, 'explicit_paddings')!.slice(2, 6) : [0, 0, 0, 0];
  const attributes = {
    kernelSize: integers([height, width]),
    strides: integers([down, right]),
    dilations: integers(rates.slice(0, 2)),
    padding: text(padding),
    pads: integers(pads),
  };
  return { isTransposed: false, attributes };
};
