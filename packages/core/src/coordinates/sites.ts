import type { Bounds, SiteKeys } from './key-space.js';

/** A sorted set of sites as the index work needs it. */
export interface Sites {
  /** Int32 `[sites, 1 + rank]`. */
  readonly coordinates: Int32Array;
  /** Least and greatest value of every column; zeros when there are no sites. */
  readonly bounds: Bounds;
  /** The keys that the sites were sorted by; null when they came sorted. */
  readonly siteKeys: SiteKeys | null;
}
