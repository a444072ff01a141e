import { labels } from '@tfjs-sparse/lidar-minkunet';
import type { Segmentation } from '../segmenter/scan-segmenter.js';
import type { NamedScan } from './named-scans.js';

/** `{scan, points, sites, ms, pointsPerSecond, shares}` as JSON. */
export function jsonScanRow({ name, points }: NamedScan, { siteCount, ms, shares }: Segmentation): string {
  const pointCount = points.length / 3;
  return JSON.stringify({
    scan: name,
    points: pointCount,
    sites: siteCount,
    ms: Number(ms.toFixed(1)),
    pointsPerSecond: Math.round((1000 * pointCount) / ms),
    shares: Object.fromEntries(labels.map((label, i) => [label, Number(shares[i].toFixed(4))])),
  });
}

/** Lines of text, aligned. */
export class ScanTable {
  readonly #nameWidth: number;

  constructor(scans: readonly NamedScan[]) {
    this.#nameWidth = Math.max(...scans.map(({ name }) => name.length));
  }

  header(): string {
    return this.#line('LiDAR scan', ['points', 'voxels', 'ms', 'points/s', ...labels]);
  }

  row({ name, points }: NamedScan, { siteCount, ms, shares }: Segmentation): string {
    const pointCount = points.length / 3;
    const speed = Math.round((1000 * pointCount) / ms);
    const percents = shares.map((share) => `${(100 * share).toFixed(1)} %`);
    return this.#line(name, [...[pointCount, siteCount, Math.round(ms), speed].map(String), ...percents]);
  }

  #line(name: string, cells: readonly string[]): string {
    return `${name.padEnd(this.#nameWidth)}  ${cells.map((cell, i) => cell.padStart(i < 4 ? 8 : 10)).join(' ')}`;
  }
}
