import { labels } from '@tfjs-sparse/lidar-minkunet';
import { cloudOptions, readCloudOptions } from '../../src/clouds/cloud-options.js';
import { withoutCloudEnding } from '../../src/clouds/files/read-cloud.js';
import type { DemoCommand, RowTable } from '../../src/demo.js';
import { resultStems } from '../../src/files/result-stems.js';
import { rounded } from '../../src/numbers.js';
import { demo, simulatedScan, type Scan, type TimedSegmentation } from './demo.js';
import { labelFiles } from './label-files.js';
import { seedsIn } from './options.js';

export const command: DemoCommand<Scan, TimedSegmentation> = {
  summary:
    'Segments a simulated LiDAR scan with the pack models/lidar-minkunet and prints its speed and the shares of the ' +
    'classes.',
  options: {
    ...cloudOptions,
    scan: { placeholder: 'SEED', help: 'segment the simulated scan of this seed; may be given several times' },
    'lidar-pack': {
      placeholder: 'FOLDER',
      help: 'another pack for scans than models/lidar-minkunet',
      replacesPack: demo.packs[0],
    },
  },

  note:
    'A scan is marked unusual? where the network is less sure of it than of scans of streets: is it in metres, z up, the ' +
    'sensor at the origin?',

  asked(values) {
    readCloudOptions(values); // a mistake shows before any file is read
    return seedsIn(values).map(simulatedScan);
  },

  table: (scans) => new ScanTable(scans),

  files(scans, results) {
    const stems = resultStems(
      scans.map(({ name, source }) => source?.file ?? name),
      withoutCloudEnding,
    );
    return scans.flatMap((scan, i) => labelFiles(stems[i], scan, results[i].labels));
  },

  jsonRow(scan, result) {
    const { name, points, source, assumedColumns } = scan;
    const { siteCount, ms, shares, confidence, isUnusual } = result;
    const hint = hintOf(scan, result);
    return JSON.stringify({
      file: source?.file ?? name,
      index: source?.index ?? 0,
      ...(assumedColumns !== undefined && { assumedColumns }),
      ...(hint !== null && { hint }),
      points: points.length / 3,
      sites: siteCount,
      ms: rounded(ms, 1),
      pointsPerSecond: speedOf(points, ms),
      confidence: rounded(confidence, 3),
      isUnusual,
      shares: Object.fromEntries(labels.map((label, i) => [label, rounded(shares[i], 4)])),
    });
  },
};

/** What may be wrong with how the file was read, and with its points; null for nothing. */
function hintOf(scan: Scan, result: TimedSegmentation): string | null {
  return [scan.hint, result.hint].filter((text) => text).join(' ') || null;
}

class ScanTable implements RowTable<Scan, TimedSegmentation> {
  readonly #nameWidth: number;

  constructor(scans: readonly Scan[]) {
    this.#nameWidth = Math.max(...scans.map(({ name }) => name.length));
  }

  header(): string {
    return this.#line('LiDAR scan', ['points', 'voxels', 'ms', 'points/s', ...labels]);
  }

  row(scan: Scan, result: TimedSegmentation): string {
    const { name, points } = scan;
    const { siteCount, ms, shares, isUnusual } = result;
    const hint = hintOf(scan, result);
    const percents = shares.map((share) => `${(100 * share).toFixed(1)} %`);
    const numbers = [points.length / 3, siteCount, Math.round(ms), speedOf(points, ms)];
    return (
      this.#line(name, [...numbers.map(String), ...percents]) +
      (isUnusual ? '  unusual?' : '') +
      (hint ? `\n  ${hint}` : '')
    );
  }

  footer(): null {
    return null;
  }

  #line(name: string, cells: readonly string[]): string {
    return `${name.padEnd(this.#nameWidth)}  ${cells.map((cell, i) => cell.padStart(i < 4 ? 8 : 10)).join(' ')}`;
  }
}

/** Points per second. */
function speedOf(points: Float32Array, ms: number): number {
  return Math.round((1000 * points.length) / 3 / ms);
}
