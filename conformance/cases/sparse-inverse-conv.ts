import { inverseSource } from './convolution-case.js';
import { defineCases } from './define-cases.js';
import { stridedChanges, stridedControl } from './sparse-conv.js';

export const sparseInverseConv = defineCases('sparse-inverse-conv', inverseSource, (control) => [
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
]);
