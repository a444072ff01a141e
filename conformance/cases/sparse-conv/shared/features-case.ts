import type { CaseSource } from '../../../oracle/case-source.js';
import { drawSites, rankOf, type SitePattern } from '../../../oracle/draw-sites.js';
import { drawRows, uniformFrom } from '../../../oracle/random.js';
import type { Tolerance } from '../../../src/golden-file.js';

/** Features on sites, as the ops without a kernel take them. */
export interface FeaturesCase {
  readonly sites: SitePattern;
  readonly channels: number;
  readonly batchSize?: number;
  /** Added to every feature; default 0. */
  readonly shift?: number;
  /** Features are multiples of this; default none. */
  readonly step?: number;
  readonly nanAt?: readonly (readonly [site: number, channel: number])[];
  readonly seed: number;
  readonly tolerance: Tolerance;
}

/** The parts of a source that the features decide. */
export function featuresSource(id: string, parameters: FeaturesCase): Omit<CaseSource, 'layers'> {
  const { sites, channels, batchSize, shift = 0, step, nanAt = [], seed, tolerance } = parameters;
  const coordinates = drawSites(sites, seed);
  const features = drawRows(uniformFrom(seed + 1), coordinates.length, channels).map((row) =>
    row.map((value) => Math.fround((step ? Math.round(value / step) * step : value) + shift)),
  );
  for (const [site, channel] of nanAt) features[site][channel] = NaN;
  return { id, tolerance, coordinates, rank: rankOf(sites), features, channels, batchSize, cotangentSeed: seed + 2 };
}
