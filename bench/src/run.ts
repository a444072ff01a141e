import type { BenchCase, BenchContext, BenchRow } from './bench.js';
import { minkUNetCases } from './mink-u-net.js';
import { scalingCases } from './scaling.js';
import { submConvCases } from './subm-conv.js';
import { voxelizeCases } from './voxelize.js';
import { waferCases } from './wafer-sscn.js';

/** The benches by name. */
export const benches: Readonly<Record<string, readonly BenchCase[]>> = {
  minkunet: minkUNetCases,
  scaling: scalingCases,
  'subm-conv': submConvCases,
  voxelize: voxelizeCases,
  'wafer-sscn': waferCases,
};

/** The cases of a bench whose names match the glob (`*` for any characters), one row each. */
export async function* runBench(name: string, glob: string, context: BenchContext): AsyncGenerator<BenchRow> {
  const pattern = new RegExp(`^${glob.split('*').map(escaped).join('.*')}$`);
  for (const each of benches[name].filter((candidate) => pattern.test(candidate.name))) {
    yield { bench: name, case: each.name, runtime: context.runtime, ...(await each.run(context)) };
  }
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
