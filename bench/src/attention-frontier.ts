import type { BenchCase, BenchContext } from './bench.js';
import { textRow } from './frontier/character-text.js';
import { decodeRow } from './frontier/decode.js';
import { prefillRow } from './frontier/prefill.js';
import { cacheSelectors, prefillSelectors } from './frontier/selectors.js';

const promptLengths = [1024, 4096];
const cacheLengths = [1024, 4096, 16384];
const percents = [50, 80, 90, 95];

/**
 * `prefill/<selector>/<tokens>/<percent>` and `decode/…`: attention of which a selector leaves out so many percent, against
 * dense attention and a window of as many keys; errors, kept attention and the share of right answers in `details`.
 * `text/<selector>/256/<percent>`: bits per character of the network of shakespeare-topk.
 */
export const attentionFrontierCases: readonly BenchCase[] = [
  ...['dense', 'sinkWindow', 'blockTopK', 'verticalSlash', 'flexPrefill', 'quest'].flatMap((name) =>
    percentsOf(name).map((percent) => ({
      name: `text/${name}/256/${percent}`,
      run: (context: BenchContext) => textRow(context, name, percent),
    })),
  ),
  ...casesOf('prefill', promptLengths, Object.keys(prefillSelectors), prefillRow),
  ...casesOf('decode', cacheLengths, Object.keys(cacheSelectors), decodeRow),
];

function percentsOf(selector: string): readonly number[] {
  return selector === 'dense' ? [0] : percents;
}

type Row = (context: BenchContext, selector: string, tokens: number, percent: number) => ReturnType<BenchCase['run']>;

function casesOf(phase: string, lengths: readonly number[], selectors: readonly string[], row: Row): BenchCase[] {
  return lengths.flatMap((tokens) =>
    selectors.flatMap((name) =>
      percentsOf(name).map((percent) => ({
        name: `${phase}/${name}/${tokens}/${percent}`,
        run: (context: BenchContext) => row(context, name, tokens, percent),
      })),
    ),
  );
}
