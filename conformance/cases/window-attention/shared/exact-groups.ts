import type { FlatFormerGroupsOptions } from '@tfjs-sparse/window-attention';
import type { Site } from '../../../oracle/sites.js';
import { cutClouds, sortedByKey } from './set-operation.js';
import { windowOf } from './window-of.js';

/** FlatFormer's groups of sorted sites. */
export function exactGroups(sites: readonly Site[], options: FlatFormerGroupsOptions): Site[][] {
  return cutClouds(
    sortedByKey(sites, (site) => lineKey(site, options)),
    options.groupSize,
  );
}

/**
 * FlatFormer's key of a site, axis by axis instead of in one number: (-1)^(y1) x1 is what a window counts along x in row y1
 * of windows, and so on.
 */
function lineKey(site: Site, options: FlatFormerGroupsOptions): number[] {
  const { windowSize, shift, axes = windowSize.map((_, axis) => axis) } = options;
  const [cloud, ...windows] = windowOf(site, options);
  const outer = axes.map((axis) => windows[axis]);
  const inner = axes.map((axis) => site[1 + axis] + (shift?.[axis] ?? 0) - windows[axis] * windowSize[axis]).reverse();
  const isBackwards = (values: readonly number[]): boolean => values.reduce((sum, value) => sum + value, 0) % 2 !== 0;
  const rowOfWindows = outer.slice(0, -1);
  return [
    cloud,
    ...outer.map((value, i) => (isBackwards(outer.slice(0, i)) ? -value : value)),
    ...inner.map((value, i) => (isBackwards([...rowOfWindows, ...inner.slice(0, i)]) ? -value : value)),
  ];
}
