import { ones } from '@tensorflow/tfjs-core';
import { sparseInverseConv, sparseTensor } from '@tfjs-sparse/sparse-conv';
import { transposedLayer } from '../../oracle/convolution-layers.js';
import { onSites } from '../../src/layer-value.js';
import type { CallCase } from '../../src/run-call.js';
import { defineCases, defineLayer } from '../define-cases.js';
import { inverseSource } from './shared/convolution-case.js';
import { convolutionLeaves, convolutionTensors, filterOf, inverseOptions } from './shared/convolution-options.js';
import { halving } from './shared/halving.js';
import { threeSites } from './shared/three-sites.js';
import { cachedSet, convolutionFields, type ForwardFields } from './shared/window-fields.js';
import { stridedChanges, stridedControl } from './sparse-conv.js';

const layer = defineLayer<ForwardFields>({
  op: 'tconv',
  takes: ({ output_set: set }) => String(set).startsWith('cached:'),
  fields: convolutionFields(cachedSet),
  tensors: convolutionTensors,
  leaves: convolutionLeaves,
  forward: (call) => onSites(sparseInverseConv(call.x, filterOf(call), inverseOptions(call))),
  evaluate: transposedLayer,
});

export const operation = defineCases(
  'sparse-inverse-conv',
  inverseSource,
  (control) => [
    control('k3s2p1', stridedControl),
    ...stridedChanges.map(([name, change]) => control.with(name, change)),
    control.with('sites-1030', {
      sites: { count: 1030, extent: [2000] },
      inChannels: 1,
      outChannels: 1,
      kernelSize: [2],
      strides: [2],
      padding: [0],
    }),
  ],
  [layer],
);

/** Calls that must be refused, word for word alike on every backend; arguments are made within the call. */
export const calls: readonly CallCase[] = [
  {
    id: 'sparse-inverse-conv/other-sites',
    call: () => {
      const x = threeSites();
      return sparseInverseConv(x, ones([8, 2, 2]), { ...halving, target: x.map });
    },
    error:
      'RangeError: sparseInverseConv: x must be on the 1 sites that this geometry gives from target, got 3 other sites',
  },
  {
    id: 'sparse-inverse-conv/target-of-another-rank',
    call: () => {
      const { map } = sparseTensor(ones([1, 2]), [[0, 0]], { rank: 1 });
      return sparseInverseConv(threeSites(), ones([8, 2, 2]), { ...halving, target: map });
    },
    error: 'RangeError: sparseInverseConv: target must have rank 3 (as x), got 1',
  },
];
