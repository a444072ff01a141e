import { coverSites, type Covering } from './cover-sites.js';
import type { KernelGeometry } from './kernel-geometry.js';
import { boxTaps } from './kernel-offsets.js';
import type { OutputGrid } from './output-grid.js';
import { sitesOfRows, type Sites } from './sites.js';

/**
 * Every `stride * u + off_k` of an input site `u` that lies in the grid, with the pairs (u, that site) of offset `k`: what
 * a convolution of stride 1 with the opposite offsets covers, from the inputs moved to `stride * u`.
 */
export function generateSites(inputs: Sites, geometry: KernelGeometry, grid: OutputGrid): Covering {
  return coverSites(stretched(inputs, geometry.strides), opposite(geometry), grid);
}

function stretched({ coordinates, bounds }: Sites, strides: readonly number[]): Sites {
  const columns = 1 + strides.length;
  const factors = [1, ...strides];
  const stretch = (values: readonly number[]): number[] => values.map((value, column) => value * factors[column]);
  return sitesOfRows(
    coordinates.map((value, i) => value * factors[i % columns]),
    { minimum: stretch(bounds.minimum), maximum: stretch(bounds.maximum) },
  );
}

/** `-off_k` in order of `k`: the taps and the padding counted from the other end. */
function opposite(geometry: KernelGeometry): KernelGeometry {
  const { kernelSize, padding, dilation, taps = boxTaps(kernelSize) } = geometry;
  return {
    ...geometry,
    strides: kernelSize.map(() => 1),
    padding: padding.map((cells, axis) => dilation[axis] * (kernelSize[axis] - 1) - cells),
    taps: taps.map((tap) => tap.map((d, axis) => kernelSize[axis] - 1 - d)),
  };
}
