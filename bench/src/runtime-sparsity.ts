import {
  graphAggregate,
  quantizedMatMul,
  quantizeWeights,
  SparseMatrix,
  spgemm,
  zeroSkipMatMul,
  type Bits,
  type GroupSize,
  type Reduction,
} from '@tfjs-sparse/sparse-matmul';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { BenchCase, BenchContext } from './bench.js';
import { measure } from './measure.js';
import { yardsticks } from './yardsticks.js';

type Shape = readonly [rows: number, inputs: number, outputs: number];

const products: readonly Shape[] = [
  [1, 768, 3072],
  [64, 768, 3072],
  [64, 512, 512],
];
const quantizedProducts: readonly Shape[] = [
  [1, 768, 3072],
  [1, 4096, 4096],
  [60, 768, 3072],
  [480, 512, 512],
];
const codings: readonly (readonly [bits: Bits, groupSize: GroupSize])[] = [
  [4, 16],
  [4, 32],
  [8, 16],
];
const graphs: readonly (readonly [nodes: number, degree: number, features: number])[] = [
  [2708, 4, 64],
  [2000, 20, 128],
  [1000, 50, 64],
];

/**
 * Sparsity beside that of weights alone, against tfjs' dense matMul: `zeros/<shape>/<percent>` activations that are
 * zeros, `int<bits>g<group size>/<shape>/<percent>` quantised weights of which so many groups are dropped,
 * `graph/<nodes>x<degree>x<features>/<reduction>` and `spgemm/<nodes>x<degree>` with random graphs, the places of whose
 * product are known.
 */
export const runtimeSparsityCases: readonly BenchCase[] = [
  ...products.flatMap((shape) =>
    [0, 30, 50, 80, 90, 95].map((percent) => ({
      name: `zeros/${shape.join('x')}/${percent}`,
      run: (context: BenchContext) => skipZeros(context, shape, percent / 100),
    })),
  ),
  ...codings.flatMap(([bits, groupSize]) =>
    quantizedProducts.flatMap((shape) =>
      [0, 50, 75].map((percent) => ({
        name: `int${bits}g${groupSize}/${shape.join('x')}/${percent}`,
        run: (context: BenchContext) => multiplyQuantized(context, shape, bits, groupSize, percent / 100),
      })),
    ),
  ),
  ...graphs.flatMap((graph) =>
    (['sum', 'mean', 'max'] as const).map((reduction) => ({
      name: `graph/${graph.join('x')}/${reduction}`,
      run: (context: BenchContext) => aggregate(context, graph, reduction),
    })),
  ),
  ...([[1000, 10]] as const).map(([nodes, degree]) => ({
    name: `spgemm/${nodes}x${degree}`,
    run: (context: BenchContext) => multiplySparse(context, nodes, degree),
  })),
];

async function skipZeros(context: BenchContext, [rows, inputs, outputs]: Shape, zeros: number) {
  const { tf } = context;
  const x = tf.tidy(() => {
    const drawn = tf.randomUniform([rows, inputs], 0, 1, 'float32', 3);
    return tf.where(tf.less(drawn, zeros), 0, drawn) as Tensor2D;
  });
  const weights = tf.randomNormal([inputs, outputs], 0, 1, 'float32', 2) as Tensor2D;
  const flops = 2 * rows * inputs * outputs * (1 - zeros);
  return compare(context, flops, [x, weights], {
    ours: () => zeroSkipMatMul(x, weights).dispose(),
    tfjs: () => tf.matMul(x, weights).dispose(),
  });
}

async function multiplyQuantized(
  context: BenchContext,
  [rows, inputs, outputs]: Shape,
  bits: Bits,
  groupSize: GroupSize,
  groupSparsity: number,
) {
  const { tf } = context;
  const dense = tf.randomNormal([inputs, outputs], 0, 1, 'float32', 2) as Tensor2D;
  const options = { bits, groupSize, groupSparsity };
  const { weights, scales, zeros } = quantizeWeights(await dense.data(), [inputs, outputs], options);
  const [scaleTensor, zeroTensor] = [tf.tensor1d(scales), tf.tensor1d(zeros)];
  const x = tf.randomNormal([rows, inputs], 0, 1, 'float32', 1) as Tensor2D;
  return compare(context, 2 * rows * weights.groupCount * groupSize, [dense, scaleTensor, zeroTensor, x], {
    ours: () => quantizedMatMul(x, scaleTensor, zeroTensor, weights).dispose(),
    tfjs: () => tf.matMul(x, dense).dispose(),
  });
}

async function aggregate(
  context: BenchContext,
  [nodes, degree, features]: readonly [number, number, number],
  reduction: Reduction,
) {
  const { tf } = context;
  const matrix = drawGraph(context, nodes, degree, 4);
  const dense = matrix.toDense();
  const x = tf.randomNormal([nodes, features], 0, 1, 'float32', 1) as Tensor2D;
  return compare(context, 2 * nodes * degree * features, [matrix.values!, dense, x], {
    ours: () => graphAggregate(x, matrix, { reduction }).dispose(),
    tfjs: () => tf.matMul(dense, x).dispose(),
  });
}

async function multiplySparse(context: BenchContext, nodes: number, degree: number) {
  const { tf } = context;
  const [a, b] = [drawGraph(context, nodes, degree, 4), drawGraph(context, nodes, degree, 7)];
  const [denseA, denseB] = [a.toDense(), b.toDense()];
  return compare(context, 2 * nodes * degree * degree, [a.values!, b.values!, denseA, denseB], {
    ours: () => spgemm(a, b).values!.dispose(),
    tfjs: () => tf.matMul(denseA, denseB).dispose(),
  });
}

/** A graph of so many edges per node on average, which may repeat. */
function drawGraph({ tf }: BenchContext, nodes: number, degree: number, seed: number): SparseMatrix {
  const [rows, columns] = [seed, seed + 1].map((each) =>
    tf.tidy(() => tf.randomUniform([nodes * degree], 0, nodes, 'int32', each).dataSync()),
  );
  const values = tf.randomNormal([nodes * degree], 0, 1, 'float32', seed + 2) as Tensor1D;
  const matrix = SparseMatrix.fromEdges({ rows, columns }, [nodes, nodes], values);
  values.dispose();
  return matrix;
}

async function compare(
  context: BenchContext,
  flops: number,
  tensors: Parameters<typeof context.tf.dispose>[0],
  contenders: { readonly ours: () => void; readonly tfjs: () => void },
) {
  const yard = yardsticks(context);
  const times = await measure({ ...contenders, ...yard.contenders });
  context.tf.dispose(tensors);
  yard.dispose();
  return {
    threads: 1,
    ms: times.ours,
    ...yard.rates(flops, times.ours, times),
    speedup: { tfjs: times.tfjs / times.ours },
  };
}
