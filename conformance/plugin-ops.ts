import type { Tensor1D } from '@tensorflow/tfjs-core';
import { CoordinateMap, registerOp, registerPlainKernel, sparseTensor, SparseTensor } from '@tfjs-sparse/core';
import * as plugin from '@tfjs-sparse/sparse-conv';
import { forEachOp as forEachConvOp } from '@tfjs-sparse/sparse-conv/register';
import * as matmul from '@tfjs-sparse/sparse-matmul';
import { forEachOp as forEachMatmulOp } from '@tfjs-sparse/sparse-matmul/register';
import type { PatternAttrs } from './cases/pattern-case.js';
import type { Graph, GroupCodes, SparseFeatures, SparseOps } from './src/ops.js';

/** The ops of the plugins, as the harness takes them. */
export const pluginOps: SparseOps = {
  sparseTensor: (features, coordinates, options) => sparseTensor(features, coordinates, options),
  withFeatures: (x, features) => ours(x).withFeatures(features),
  submConv: (x, filter, options) => plugin.submConv(ours(x), filter, options),
  residualSubmConv: (x, filter) =>
    plugin.submConv(ours(x), filter, { kernelSize: 3, residual: x.features, activation: 'relu' }),
  sparseConv: (x, filter, options) => plugin.sparseConv(ours(x), filter, onto(options)),
  sparseInverseConv: (x, filter, options) =>
    plugin.sparseInverseConv(ours(x), filter, { ...options, target: ourMap(options.target) }),
  sparseMaxPool: (x, options) => plugin.sparseMaxPool(ours(x), options),
  sparseAveragePool: (x, options) => plugin.sparseAveragePool(ours(x), options),
  sparseSumPool: (x, options) => plugin.sparseSumPool(ours(x), options),
  sparseUnpool: (x, options) => plugin.sparseUnpool(ours(x), { ...options, target: ourMap(options.target) }),
  sparseAdd: (...xs) => plugin.sparseAdd(...xs.map(ours)),
  sparseMultiply: (...xs) => plugin.sparseMultiply(...xs.map(ours)),
  sparseConcatenate: (...xs) => plugin.sparseConcatenate(...xs.map(ours)),
  pruneSites: (x, mask) => plugin.pruneSites(ours(x), mask),
  selectSites: (x, rows) => plugin.selectSites(ours(x), rows),
  cropSites: (x, box) => plugin.cropSites(ours(x), box),
  sparseConvTranspose: (x, filter, options) => plugin.sparseConvTranspose(ours(x), filter, onto(options)),
  submDepthwiseConv: (x, filter, options) => plugin.submDepthwiseConv(ours(x), filter, options),
  sparseDepthwiseConv: (x, filter, options) => plugin.sparseDepthwiseConv(ours(x), filter, onto(options)),
  groupNorm: (x, groups, epsilon) => plugin.groupNorm(ours(x), { groups, epsilon }),
  siteBroadcast: (x, rows, mode) => plugin.siteBroadcast(ours(x), rows, mode),
  devoxelize: (x, points, options) => plugin.devoxelize(ours(x), plugin.pointWeights(ours(x).map, points, options)),
  splat: (points, features, options) => plugin.splat(points, features, options),
  maskedConv2d: (x, filter, { values, shape }, options) =>
    plugin.maskedConv2d(x, filter, new plugin.PatchMask(values, shape), options),
  heightCompression: (x, options) => plugin.heightCompression(ours(x), options),
  completionAdd: (x, skip, mask) => plugin.completionAdd(ours(x), ours(skip), mask),
  integerSpikes: (x) => plugin.integerSpikes(x),
  reduceAxis: (x, axis, mode) => plugin.reduceAxis(ours(x), axis, mode),
  voxelize: (points, features, options) => plugin.voxelize(points, features, options),
  globalPool: (x, mode) => plugin.globalPool(ours(x), mode),
  instanceNorm: (x, epsilon) => plugin.instanceNorm(ours(x), { epsilon }),
  batchNorm: (x, scale, offset, epsilon) => {
    const { y, mean, variance } = plugin.siteBatchNorm(x.features, scale, offset, epsilon);
    return { features: y, mean, variance };
  },
  toDense: (x, options) => plugin.toDense(ours(x), options),
  fromDense: (dense, sites) => plugin.fromDense(dense, ourMap(sites)),
  fromDenseNonzero: (dense) => plugin.fromDenseNonzero(dense),
  graphAggregate: (graph, values, x, reduction) =>
    matmul.graphAggregate(x, matrixOf(graph, values), { reduction: reduction as matmul.Reduction }),
  sparseMatMul: (x, values, pattern, options) => matmul.sparseMatMul(x, values, patternOf(pattern), options),
  sparseConv1x1: (x, values, pattern, options) => matmul.sparseConv1x1(x, values, patternOf(pattern), options),
  nmMatMul: (x, values, pattern, options) => matmul.nmMatMul(x, values, patternOf(pattern), options),
  sparseSeparableConv2D: (x, filter, values, pattern, options) =>
    matmul.sparseSeparableConv2D(x, filter, values, patternOf(pattern), options),
  depthwiseConv2D: (x, filter, options) => matmul.depthwiseConv2D(x, filter, options),
  spgemm: (a, aValues, b, bValues) => {
    const [left, right] = [matrixOf(a, aValues), matrixOf(b, bValues)];
    return matmul.spgemm(left, right).toDense();
  },
  zeroSkipMatMul: (x, weights, options) => matmul.zeroSkipMatMul(x, weights, options),
  activationSparseMatMul: (x, weights, options) => matmul.activationSparseMatMul(x, weights, options),
  quantizedMatMul: (x, scales, zeros, codes, options) =>
    matmul.quantizedMatMul(x, scales, zeros, quantizedWeights(codes), options),
};

/** Puts the plain kernels on the cpu backend, for the rest of the process. */
export function usePlainKernels(): void {
  forEachOp(registerPlainKernel);
}

/** Puts the kernels that users get back on the cpu backend. */
export function useWasmKernels(): void {
  forEachOp(registerOp);
}

function forEachOp(register: typeof registerOp): void {
  forEachConvOp(register);
  forEachMatmulOp(register);
}

function patternOf({ starts, columns, ...options }: PatternAttrs): matmul.SparsityPattern {
  return new matmul.SparsityPattern(Int32Array.from(starts), Int32Array.from(columns), options);
}

function ours(x: SparseFeatures): SparseTensor {
  if (!(x instanceof SparseTensor)) throw new TypeError('pluginOps: x must be a SparseTensor');
  return x;
}

function onto<O extends { readonly target?: unknown }>(options: O): O & { target?: CoordinateMap } {
  return { ...options, target: options.target === undefined ? undefined : ourMap(options.target) };
}

function ourMap(map: unknown): CoordinateMap {
  if (!(map instanceof CoordinateMap)) throw new TypeError('pluginOps: sites must be a CoordinateMap');
  return map;
}

/** The words as QuantizedWeights documents them: 16 codes of 4 bits in 8 bytes, halves apart, or one byte a code. */
function quantizedWeights({ inFeatures, outFeatures, bits, groupSize, groups }: GroupCodes): matmul.QuantizedWeights {
  const starts = new Int32Array(outFeatures + 1);
  for (const { output } of groups) starts[output + 1]++;
  for (let output = 0; output < outFeatures; output++) starts[output + 1] += starts[output];
  const places = Int32Array.from(groups, ({ place }) => place);
  const pattern = new matmul.SparsityPattern(starts, places, {
    inFeatures: Math.ceil(inFeatures / groupSize),
    outFeatures,
  });
  const bytes = groups.flatMap(({ codes }) => {
    if (bits === 8) return codes;
    return codes.flatMap((code, i) => (i % 16 < 8 ? code | (codes[i + 8] << 4) : []));
  });
  return new matmul.QuantizedWeights({
    inFeatures,
    outFeatures,
    bits: bits as matmul.Bits,
    groupSize: groupSize as matmul.GroupSize,
    groups: pattern,
    codes: new Int32Array(Uint8Array.from(bytes).buffer),
  });
}

function matrixOf(graph: Graph, values: Tensor1D | undefined): matmul.SparseMatrix {
  return matmul.SparseMatrix.fromEdges(graph, graph.shape, values);
}
