import { CoordinateMap, SparseTensor } from '@tfjs-sparse/core';
import { predict } from '@tfjs-sparse/layers';
import { loadPack } from '@tfjs-sparse/packs';
import '@tfjs-sparse/sparse-conv/layers';
import { waferChannels, waferSample, waferSide } from '@tfjs-sparse/wafer-sscn';
import type * as tfTypes from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { denseTwin } from './dense-twin.js';
import { measure } from './measure.js';

const warmUps = 1500;
const waferCount = 60; // taken evenly from the data set, which is in random order

/** One wafer at a time: from its failing dies to class probabilities, against the dense twin of stock tfjs layers. */
export const waferCases: readonly BenchCase[] = [{ name: 'inference', run: inference }];

async function inference(context: BenchContext) {
  const { tf } = context;
  const { model } = await loadPack(context.packSource('wafer-sscn'));
  const twins = { denseTwin: denseTwin(tf, model, 'as trained'), denseTwinFolded: denseTwin(tf, model, 'folded') };
  const samples = (await readMaps(context)).map(waferSample);
  const dense = samples.map((sample) => denseInput(tf, sample));
  let turn = 0;
  const runSparse = async () => {
    const { coordinates, features } = samples[turn++ % samples.length];
    const { map } = CoordinateMap.fromCoordinates(coordinates, 2, {
      batchSize: 1,
      spatialShape: [waferSide, waferSide],
    });
    const x = new SparseTensor(tf.tensor2d(features, [map.siteCount, waferChannels]), map);
    const outputs = predict(model, x) as tfTypes.Tensor[];
    await outputs[0].data();
    tf.dispose(outputs);
    x.dispose();
  };
  const runDense = async (twin: tfTypes.LayersModel) => {
    const outputs = twin.predict(dense[turn++ % dense.length]) as tfTypes.Tensor[];
    await outputs[0].data();
    tf.dispose(outputs);
  };
  // A run is mostly short JavaScript, which V8 compiles well only after many calls.
  for (let i = 0; i < warmUps; i++) await runSparse();
  const times = await measure({
    ours: runSparse,
    denseTwin: () => runDense(twins.denseTwin),
    denseTwinFolded: () => runDense(twins.denseTwinFolded),
  });
  tf.dispose(dense);
  for (const twin of Object.values(twins)) twin.dispose();
  model.dispose();
  return {
    threads: 1,
    ms: times.ours,
    gflops: null,
    percentOfPeak: null,
    rateVsMatMul: null,
    speedup: { denseTwin: times.denseTwin / times.ours, denseTwinFolded: times.denseTwinFolded / times.ours },
  };
}

async function readMaps(context: BenchContext): Promise<Uint8Array[]> {
  const compressed = await context.readData('wafer-wm811k/wafers-64x64-idx3-ubyte.gz');
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream('gzip'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const headerBytes = 16; // magic number, count, rows, columns
  const cells = waferSide * waferSide;
  const count = (bytes.length - headerBytes) / cells;
  return Array.from({ length: waferCount }, (_, i) => {
    const start = headerBytes + Math.floor((i * count) / waferCount) * cells;
    return bytes.slice(start, start + cells);
  });
}

function denseInput(tf: typeof tfTypes, { coordinates, features }: ReturnType<typeof waferSample>): tfTypes.Tensor4D {
  const cells = new Float32Array(waferSide * waferSide * waferChannels);
  for (let site = 0; site < coordinates.length / 3; site++) {
    const cell = coordinates[3 * site + 1] * waferSide + coordinates[3 * site + 2];
    cells.set(features.subarray(site * waferChannels, (site + 1) * waferChannels), cell * waferChannels);
  }
  return tf.tensor4d(cells, [1, waferSide, waferSide, waferChannels]);
}
