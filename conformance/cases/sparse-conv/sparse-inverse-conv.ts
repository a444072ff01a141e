import { sparseInverseConv } from '@tfjs-sparse/sparse-conv';
import { transposedLayer } from '../../oracle/convolution-layers.js';
import { onSites } from '../../src/layer-value.js';
import { defineCases, defineLayer } from '../define-cases.js';
import { inverseSource } from './shared/convolution-case.js';
import { convolutionLeaves, convolutionTensors, filterOf, inverseOptions } from './shared/convolution-options.js';
import { cachedSet, convolutionFields } from './shared/window-fields.js';
import { stridedChanges, stridedControl } from './sparse-conv.js';

const layer = defineLayer({
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
