import type { BenchRow } from './bench.js';

const columns = [
  'bench',
  'case',
  'runtime',
  'threads',
  'ms',
  'GFLOP/s',
  '% of peak',
  'rate / matMul',
  'times faster than',
  'details',
];

export const header = [`| ${columns.join(' | ')} |`, `|${columns.map(() => '---|').join('')}`].join('\n');

/** One row of the table. */
export function line(row: BenchRow): string {
  const speedups = Object.entries(row.speedup).map(([name, speedup]) => `${name} ${speedup.toFixed(2)}`);
  const cells = [
    row.bench,
    row.case,
    row.runtime,
    row.threads,
    row.ms.toFixed(2),
    row.gflops?.toFixed(1) ?? '',
    row.percentOfPeak?.toFixed(0) ?? '',
    row.rateVsMatMul?.toFixed(2) ?? '',
    speedups.join(', '),
    Object.entries(row.details ?? {})
      .map(([name, value]) => `${name} ${value.toPrecision(4)}`)
      .join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}
