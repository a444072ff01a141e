/** Rows and columns of a wafer map. */
export const waferSide = 64;

/**
 * Features of a site: 1, row and column from -1 to 1 across the wafer, distance from its centre (1 at the edge), and the
 * share of the wafer's dies that fail, which is the same for all of its sites.
 */
export const waferChannels = 5;
