import { attentionFrontierCases } from './attention-frontier.js';
import { MissingDataError, type BenchCase, type BenchContext, type BenchRow } from './bench.js';
import { depthwiseCases } from './depthwise.js';
import { fashionCases } from './fashion-mobilenet.js';
import { minkUNetCases } from './mink-u-net.js';
import { mobileNetCases } from './mobilenet.js';
import { runtimeSparsityCases } from './runtime-sparsity.js';
import { scalingCases } from './scaling.js';
import { shapesCases } from './shapes.js';
import { sparseMatMulCases } from './sparse-matmul.js';
import { sparseMatMulGpuCases } from './sparse-matmul-gpu.js';
import { sparseMLPCases } from './sparse-mlp.js';
import { submConvCases } from './subm-conv.js';
import { submConvGpuCases } from './subm-conv-gpu.js';
import { topKCases } from './topk.js';
import { topKGpuCases } from './topk-gpu.js';
import { voxelizeCases } from './voxelize.js';
import { waferCases } from './wafer-sscn.js';
import { webglCases } from './webgl-copies.js';
import { windowAttentionCases } from './window-attention.js';

/** The benches by name. */
export const benches: Readonly<Record<string, readonly BenchCase[]>> = {
  'attention-frontier': attentionFrontierCases,
  depthwise: depthwiseCases,
  'fashion-mobilenet': fashionCases,
  minkunet: minkUNetCases,
  mobilenet: mobileNetCases,
  'runtime-sparsity': runtimeSparsityCases,
  scaling: scalingCases,
  shapes: shapesCases,
  'sparse-matmul': sparseMatMulCases,
  'sparse-mlp': sparseMLPCases,
  'subm-conv': submConvCases,
  topk: topKCases,
  voxelize: voxelizeCases,
  'wafer-sscn': waferCases,
  webgl: webglCases,
  'window-attention': windowAttentionCases,
};

/** The benches that run on webgpu. */
export const gpuBenches: Readonly<Record<string, readonly BenchCase[]>> = {
  'sparse-matmul': sparseMatMulGpuCases,
  'subm-conv': submConvGpuCases,
  topk: topKGpuCases,
};

/**
 * The cases of a bench whose names match the glob (`*` for any characters), one row each. A case without its recorded
 * input is told to `skip`.
 */
export async function* runBench(
  name: string,
  glob: string,
  context: BenchContext,
  skip: (message: string) => void,
): AsyncGenerator<BenchRow> {
  const pattern = new RegExp(`^${glob.split('*').map(escaped).join('.*')}$`);
  const cases = (context.finish ? gpuBenches : benches)[name];
  for (const each of cases.filter((candidate) => pattern.test(candidate.name))) {
    try {
      yield { bench: name, case: each.name, runtime: context.runtime, ...(await each.run(context)) };
    } catch (error) {
      if (!(error instanceof MissingDataError)) throw error;
      skip(`${each.name} skipped: ${error.message}`);
    }
  }
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
