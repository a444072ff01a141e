import { integers, numbersAttribute, textAttribute, type GraphNode, type Rule } from '@tfjs-sparse/converter';
import { layerRule } from '../matmul/layer-conversion.js';
import { productRule, type ProductReader } from '../matmul/product-conversion.js';
import { notNhwc, type SparseWeightRuleOptions } from '../matmul/weights-conversion.js';
import { graphOp } from './graph-op.js';

/** 1 x 1 convolutions of NHWC images. */
export function conv1x1Rule(options: SparseWeightRuleOptions): Rule {
  return {
    graph: productRule(
      {
        ops: ['Conv2D', '_FusedConv2D'],
        graphOp,
        kernelOf: () => 'sparseConv1x1',
        isMatrix: ([height, width, ...channels]) => channels.length === 2 && height === 1 && width === 1,
        read,
      },
      options,
    ),
    layers: layerRule(
      {
        ops: ['Conv2D'],
        kernelOf: () => 'sparseConv1x1',
        takes: (layer) => [layer.getConfig().kernelSize].flat().every((size) => size === 1),
        obstacleOf: (layer) => (layer.getConfig().dataFormat === 'channelsFirst' ? notNhwc : null),
      },
      options,
    ),
  };
}

const read: ProductReader['read'] = (node) => {
  if ((textAttribute(node, 'data_format') ?? 'NHWC') !== 'NHWC') return notNhwc;
  if (!isUnpadded(node)) return 'its images are padded';
  const [, down, right] = numbersAttribute(node, 'strides') ?? [1, 1, 1, 1];
  return { isTransposed: false, attributes: { strides: integers([down, right]) } };
};

/** Same padding adds nothing around windows of one pixel. */
function isUnpadded(node: GraphNode): boolean {
  const padding = textAttribute(node, 'padding');
  if (padding === 'SAME' || padding === 'VALID') return true;
  return numbersAttribute(node, 'explicit_paddings')?.every((size) => size === 0) ?? false;
}
