import { loadPack } from '@tfjs-sparse/packs';
import { labels, shapeCloud, ShapeClassifier } from '@tfjs-sparse/shapes-flatformer';
import type { BenchCase, BenchContext } from './bench.js';
import { measure } from './measure.js';

const pack = 'shapes-flatformer';
const firstSeed = 1_500_000_001;

/** One cloud at a time, from its points to its class: the transformer against the sparse CNN of equal size beside it. */
export const shapesCases: readonly BenchCase[] = [{ name: 'inference', run: inference }];

async function inference(context: BenchContext) {
  const clouds = labels.map((label, i) => shapeCloud(label, firstSeed + i));
  const transformer = new ShapeClassifier(await loadPack(context.packSource(pack)));
  const convolution = new ShapeClassifier(await loadPack(context.packSource(`${pack}/convolution`)));
  let sites = 0;
  for (const cloud of clouds) sites += (await transformer.classify(cloud)).siteCount / clouds.length;
  let turn = 0;
  const next = () => clouds[turn++ % clouds.length];
  const times = await measure({
    ours: () => transformer.classify(next()),
    convolution: () => convolution.classify(next()),
  });
  transformer.dispose();
  convolution.dispose();
  return {
    threads: 1,
    ms: times.ours,
    gflops: null,
    percentOfPeak: null,
    rateVsMatMul: null,
    speedup: { convolution: times.convolution / times.ours },
    details: { sites, convolutionMs: times.convolution },
  };
}
