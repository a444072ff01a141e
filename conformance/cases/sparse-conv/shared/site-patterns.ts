import type { SitePattern } from '../../../oracle/draw-sites.js';

/** Patterns that several ops use, all in three dimensions. */
export const scattered: SitePattern = { count: 24, extent: [4, 4, 5] };
export const shuffled: SitePattern = { count: 24, extent: [4, 4, 5], isShuffled: true };
export const noSites: SitePattern = { count: 0, extent: [1, 1, 1] };
export const oneSite: SitePattern = { list: [[0, 2, 3, 1]] };
export const fullGrid: SitePattern = { box: [3, 3, 4] };
/** The same cells in two batches: neighbours of different batches must not meet. */
export const batchBorder: SitePattern = { box: [2, 3, 3], batches: [0, 1] };
/** Batch 1 has no site. */
export const emptyCloud: SitePattern = { count: 24, extent: [3, 3, 4], batches: [0, 2] };
export const negative: SitePattern = { count: 24, extent: [4, 4, 5], origin: [-3, -7, -4] };
/** No site has a neighbour within two cells. */
export const isolated: SitePattern = {
  list: [
    [0, 0, 0, 0],
    [0, 4, 0, 0],
    [0, 0, 4, 0],
    [0, 4, 4, 4],
    [0, 9, 9, 9],
  ],
};

const lowest = -(2 ** 20);
const highest = 2 ** 20 - 1;
/** Both ends of 21 bits on every axis. A key that wraps would make neighbours of the first and the last pair. */
export const largest: SitePattern = {
  list: [
    [0, lowest, lowest, lowest],
    [0, lowest, lowest, lowest + 1],
    [0, 5, 5, highest],
    [0, 5, 6, lowest],
    [0, 6, highest, 3],
    [0, 7, lowest, 3],
    [0, highest, highest, highest - 1],
    [0, highest, highest, highest],
    [1, lowest, lowest, lowest],
    [32767, highest, 0, 0],
  ],
};
