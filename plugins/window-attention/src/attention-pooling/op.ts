import {
  add,
  mul,
  reshape,
  softmax,
  sum,
  tidy,
  transpose,
  zeros,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import {
  CompressedRows,
  derivedKey,
  gatherRows,
  groupBy,
  integersPerAxis,
  reduceRows,
  requireRange,
  SparseTensor,
  windowSizes,
  type CoordinateMap,
} from '@tfjs-sparse/core';
import { layerNorm } from '../layer-norm/op.js';
import { linear } from '../linear/op.js';
import { columnsOf } from '../set-attention/compose.js';
import type { SetAttentionWeights } from '../set-attention/op.js';
import type { Normalization } from '../set-encoder/op.js';

export interface AttentionPoolingWeights {
  readonly attention: SetAttentionWeights;
  /** float32 `[cells of a window, channels]`, added to the keys: the last axis of the map counts fastest. */
  readonly position: Tensor2D;
  readonly norm: Normalization;
}

export interface AttentionPoolingOptions {
  /** Cells of a window on each axis of the map. */
  readonly poolSize: readonly number[];
  /** Default 8, DSVT's. */
  readonly heads?: number;
}

/**
 * Attention-style pooling of DSVT (Wang et al. 2023, section 3.3): of each window that has a site, the maximum over all its
 * cells asks the cells, of which those without a site are 0 and keys too; `norm(attention + maximum)`.
 *
 * @param x features float32
 * @returns features `[windows, channels]` on the map of the windows
 * @throws RangeError where shapes, heads or poolSize do not fit x; TypeError for other than float32
 */
export function attentionPooling(
  x: SparseTensor,
  { attention, position, norm }: AttentionPoolingWeights,
  { poolSize, heads = 8 }: AttentionPoolingOptions,
): SparseTensor {
  const size = integersPerAxis(op, 'poolSize', poolSize, x.map.rank, windowSizes);
  const channels = x.features.shape[1];
  const isDivisor = Number.isInteger(heads) && heads >= 1 && channels % heads === 0;
  requireRange(isDivisor, op, `heads must divide the ${channels} channels`, heads);
  const cells = size.reduce((product, cellsOfAxis) => product * cellsOfAxis, 1);
  const isTable = position.shape.join() === `${cells},${channels}`;
  requireRange(isTable, op, `position must be [${cells}, ${channels}] (cells, channels)`, position.shape);
  const { map, slots, windows } = cellsOf(x.map, size);
  const count = map.siteCount;
  if (count === 0) return new SparseTensor(zeros([0, channels]), map);
  const features = tidy(() => {
    const values = gatherRows(x.features, slots);
    const query = reduceRows(values, windows, 'max');
    const placed = reshape(add(reshape(values, [count, cells, channels]), position), values.shape);
    const [q, k, v] = [query, placed, values].map((rows, part) => {
      const { matrix, bias } = columnsOf(attention.qkv, attention.qkvBias, part);
      return linear(rows as Tensor2D, matrix, bias);
    });
    const inHeads = (rows: Tensor, each: number) => reshape(rows, [count, each, heads, channels / heads]);
    const scale = (channels / heads) ** -0.5;
    const scores = mul(sum(mul(inHeads(q, 1), inHeads(k, cells)), 3), scale);
    const shares = transpose(softmax(transpose(scores, [0, 2, 1])), [0, 2, 1]);
    const weighted = mul(reshape(shares, [count, cells, heads, 1]), inHeads(v, cells));
    const attended = reduceRows(reshape(weighted, [count * cells, channels]), windows, 'sum');
    const y = linear(attended, attention.output, attention.outputBias);
    return layerNorm(add(y, query) as Tensor2D, norm.scale, norm.offset);
  });
  return new SparseTensor(features, map);
}

const op = 'attentionPooling';

interface Cells {
  readonly map: CoordinateMap;
  /** Which site is in each cell of each window. */
  readonly slots: CompressedRows;
  /** The cells of each window. */
  readonly windows: CompressedRows;
}

const cellsOfMap = derivedKey<Cells>();

function cellsOf(map: CoordinateMap, size: readonly number[]): Cells {
  return map.derived(cellsOfMap.of(size.join()), (own) => {
    const groups = groupBy(map, { size });
    const windowOf = groups.rows.transposed.index!;
    const cells = size.reduce((product, cellsOfAxis) => product * cellsOfAxis, 1);
    const index = new Int32Array(groups.map.siteCount * cells).fill(-1);
    const { coordinates, siteCount, rank } = map;
    for (let site = 0; site < siteCount; site++) {
      let cell = 0;
      size.forEach((cellsOfAxis, axis) => {
        const coordinate = coordinates[site * (1 + rank) + 1 + axis];
        cell = cell * cellsOfAxis + coordinate - Math.floor(coordinate / cellsOfAxis) * cellsOfAxis;
      });
      index[windowOf[site] * cells + cell] = site;
    }
    const starts = Int32Array.from({ length: groups.map.siteCount + 1 }, (_, window) => window * cells);
    const columns = Int32Array.from(index, (_, slot) => slot);
    return {
      map: groups.map,
      slots: own(CompressedRows.fromIndex(index, siteCount)),
      windows: own(CompressedRows.from([groups.map.siteCount, index.length], starts, columns)),
    };
  });
}
