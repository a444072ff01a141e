import type { Pack } from '@tfjs-sparse/packs';
import { resampleWafer, WaferClassifier, waferSites, type WaferClass, type WaferGrid } from '@tfjs-sparse/wafer-sscn';
import { likeliest, type Likely } from '../../src/likeliest.js';
import { siteLevels, type SiteLevel } from './site-levels.js';

/** What the page and the table show of a map. */
export interface Classification extends WaferClass {
  /** The likeliest few, the likeliest first. */
  readonly likely: readonly Likely[];
  /** From the map to the probabilities. */
  readonly ms: number;
  /** The sites that the map has at each level of the network. */
  readonly levels: readonly SiteLevel[];
}

/** Classifies wafer maps by a loaded pack, and says which sites its layers work on. */
export function openClassifier(pack: Pack) {
  const classifier = new WaferClassifier(pack);
  return {
    async run({ map }: { readonly map: WaferGrid }): Promise<Classification> {
      const start = performance.now();
      const found = await classifier.classify(map);
      const ms = performance.now() - start;
      const sites = waferSites(resampleWafer(map));
      const levels = siteLevels(pack.model, sites);
      sites.dispose();
      return { ...found, likely: likeliest(found.probabilities), ms, levels };
    },
  };
}
