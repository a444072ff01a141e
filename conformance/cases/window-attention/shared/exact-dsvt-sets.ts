import type { DsvtSetsOptions } from '@tfjs-sparse/window-attention';
import type { Site } from '../../../oracle/sites.js';
import { runsOf, sortedByKey, type ExactSets } from './set-operation.js';
import { windowOf } from './window-of.js';

/** Slot j of set s of a window of n sites has that of rank floor((s * setSize + j) * n / (sets * setSize)). */
export function exactDsvtSets(sites: readonly Site[], options: DsvtSetsOptions): ExactSets<Site> {
  const { setSize, padding, axes } = options;
  const ordered = sortedByKey(sites, (site) => {
    const [, ...cell] = site;
    return [...windowOf(site, options), ...(axes ? axes.map((axis) => cell[axis]) : cell)];
  });
  const filled = runsOf(ordered, (site) => windowOf(site, options).join()).flatMap((window) => {
    const setCount = Math.ceil(window.length / setSize);
    return Array.from({ length: setCount }, (_, s) =>
      Array.from(
        { length: setSize },
        (_, j) => window[Math.floor(((s * setSize + j) * window.length) / (setCount * setSize))],
      ),
    );
  });
  const isKey = filled.map((set) => set.map((site, j) => site !== set[j - 1]));
  if (padding === 'repeats') return { sets: filled, isKey };
  return { sets: filled.map((set, s) => set.filter((_, j) => isKey[s][j])) };
}
