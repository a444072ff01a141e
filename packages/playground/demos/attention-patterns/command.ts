import type { DemoCommand, RowTable } from '../../src/demo.js';
import { csvRows } from '../../src/files/csv-rows.js';
import { resultStems } from '../../src/files/result-stems.js';
import { rounded } from '../../src/numbers.js';
import { maskPattern } from './mask-pattern.js';
import type { Measurement } from './measure-pattern.js';
import { settingsOfText } from './read-settings.js';
import { blockSize, numberFields, rangeText, type Pattern } from './settings.js';
import { multiplications, tallyMask } from './tally-mask.js';

const ranges = numberFields.map((field) => `${field.key} (${rangeText(field)})`).join(', ');

export const command: DemoCommand<Pattern, Measurement> = {
  summary: 'Measures sparse patterns of attention against dense attention.',
  options: {
    attention: {
      placeholder: 'SETTINGS',
      help: `measure this pattern, such as tokens=2048,left=128,sinks=4,causal; may be given several times: ${ranges}, causal`,
    },
  },

  asked: ({ attention = [] }) =>
    attention.map((text) => {
      try {
        return { name: text, settings: settingsOfText(text) };
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        throw new RangeError(`start: --attention ${text}: ${problem}`, { cause: error });
      }
    }),

  table: (patterns) => new PatternTable(patterns),

  jsonRow: (pattern, measurement) => JSON.stringify({ ...rowOf(pattern, measurement), settings: pattern.settings }),

  files(patterns, measurements) {
    const stems = resultStems(
      patterns.map(({ name }) => name),
      (name) => name.replace(/\.json$/i, ''),
    );
    const settings = patterns.map((pattern, i) => ({
      name: `${stems[i]}.json`,
      contents: `${JSON.stringify(pattern.settings)}\n`,
    }));
    const rows = patterns.map((pattern, i) => rowOf(pattern, measurements[i]));
    return rows.length > 0 ? [{ name: 'patterns.csv', contents: csvRows(rows) }, ...settings] : [];
  },
};

function rowOf({ name, source, settings }: Pattern, { device, sparse, dense, firstMs, difference }: Measurement) {
  const { pairs, panelPairs } = tallyOf(settings);
  const allPairs = settings.tokens ** 2;
  return {
    file: source?.file ?? name,
    index: source?.index ?? 0,
    tokens: settings.tokens,
    heads: settings.heads,
    pairs,
    share: rounded(pairs / allPairs, 6),
    multiplications: multiplications(pairs, settings),
    denseMultiplications: multiplications(allPairs, settings),
    wasmShare: rounded(panelPairs.wasm / allPairs, 6),
    webgpuShare: rounded(panelPairs.webgpu / allPairs, 6),
    device,
    ms: rounded(sparse.ms, 3),
    runs: sparse.runs,
    denseMs: rounded(dense.ms, 3),
    denseRuns: dense.runs,
    firstMs: rounded(firstMs, 3),
    largestDifference: difference.largest,
    comparedTokens: difference.tokens,
  };
}

function tallyOf(settings: Pattern['settings']) {
  return tallyMask(maskPattern(settings), settings.tokens, blockSize);
}

class PatternTable implements RowTable<Pattern, Measurement> {
  readonly #nameWidth: number;

  constructor(patterns: readonly Pattern[]) {
    this.#nameWidth = Math.max('attention'.length, ...patterns.map(({ name }) => name.length));
  }

  header(): string {
    return this.#line('attention', ['tokens', 'seen', 'Mmul', 'of dense', 'ms', 'dense ms', 'dense/ms', 'difference']);
  }

  row(pattern: Pattern, measurement: Measurement): string {
    const row = rowOf(pattern, measurement);
    return this.#line(pattern.name, [
      String(row.tokens),
      `${(100 * row.share).toFixed(1)} %`,
      (row.multiplications / 1e6).toFixed(1),
      (row.denseMultiplications / 1e6).toFixed(1),
      row.ms.toFixed(2),
      row.denseMs.toFixed(2),
      (row.denseMs / row.ms).toFixed(1),
      row.largestDifference.toExponential(0),
    ]);
  }

  footer(): string {
    return 'Mmul: millions of multiplications. Medians of runs in turns; the difference is to dense attention with the same mask.';
  }

  #line(name: string, cells: readonly string[]): string {
    return `${name.padEnd(this.#nameWidth)}  ${cells.map((cell) => cell.padStart(10)).join(' ')}`;
  }
}
