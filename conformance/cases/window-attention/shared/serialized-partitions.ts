import type { Safetensors, SafetensorsTensor } from '@tfjs-sparse/core';
import type { Serialization, SerializedPatchesOptions } from '@tfjs-sparse/window-attention';
import { attributesOf, expectedTables, int32Tensor, integersOf, piecesOf, sourceOf } from './peer-tables.js';

interface SerializedPartition extends SerializedPatchesOptions {
  /** Int32 `[sites, 4]`: batch index, x, y, z. */
  readonly coordinates: SafetensorsTensor;
  readonly outputs: Readonly<Record<string, SafetensorsTensor>>;
}

const wholeClouds = 2 ** 20; // a patch that no cloud fills

/**
 * What a file of Point Transformer V3 or LitePT has of orders and patches, or null for other files. Points that share a cell
 * are one site, that of the first of them.
 */
export function serializedPartitions(file: Safetensors): SerializedPartition[] | null {
  const source = sourceOf(file);
  const isLitePT = source === 'prs-eth/LitePT';
  if (!isLitePT && source !== 'Pointcept/PointTransformerV3') return null;
  const attributes = attributesOf<{
    order?: Serialization;
    depth?: number;
    serialized_depth?: number;
    patch_size?: number;
    patch_size_max?: number;
  }>(file);
  if (file.tensors.has('out.order.z')) {
    const orders: readonly Serialization[] = ['z', 'z-trans', 'hilbert', 'hilbert-trans'];
    return orders.map((order) => orderOf(file, `out.order.${order}`, order, attributes.depth));
  }
  const { order } = attributes;
  const prefix = isLitePT ? 'idx' : 'out';
  if (order === undefined || !file.tensors.has(`${prefix}.order`)) return null;
  if (!file.tensors.has(`${prefix}.pad`)) return [orderOf(file, `${prefix}.order`, order, attributes.serialized_depth)];
  const [sorted, pad, unpad, inverse, starts] = ['order', 'pad', 'unpad', 'inverse', 'cu_seqlens'].map((name) =>
    integersOf(file, `${prefix}.${name}`),
  );
  const { coordinates, points } = sitesOf(file);
  if (points.length !== sorted.length) throw new RangeError('golden: points of patches must not share cells');
  const sets = piecesOf(
    pad.map((rank) => sorted[rank]),
    starts,
  );
  const patchSize = attributes.patch_size ?? attributes.patch_size_max!;
  const smallClouds = isLitePT ? 'shortPatch' : 'smallestCloud';
  const places = inverse.map((rank) => unpad[rank]);
  const outputs = expectedTables({ sets }, points.length, places);
  return [{ coordinates, order, patchSize, smallClouds, depth: attributes.serialized_depth, outputs }];
}

/** An order alone: every cloud as one patch. */
function orderOf(file: Safetensors, name: string, order: Serialization, depth?: number): SerializedPartition {
  const { coordinates, points, batches } = sitesOf(file);
  const siteOf = new Map(points.map((point, site) => [point, site]));
  const sorted = integersOf(file, name).filter((point) => siteOf.has(point));
  const clouds = [...new Set(batches)].map((batch) => sorted.filter((point) => batches[point] === batch));
  const sets = clouds.map((cloud) => cloud.map((point) => siteOf.get(point)!));
  const outputs = expectedTables({ sets }, points.length);
  return { coordinates, order, patchSize: wholeClouds, depth, outputs };
}

/** The sites of a file's points, and the first point of each. */
function sitesOf(file: Safetensors) {
  const batches = integersOf(file, 'in.batch');
  const positions = integersOf(file, 'in.grid_coord');
  const rows = batches.map((batch, point) => [batch, ...positions.slice(point * 3, point * 3 + 3)]);
  const points = [...new Map(rows.map((row, point) => [row.join(), point]).reverse() as [string, number][]).values()];
  points.sort((a, b) => a - b);
  const coordinates = int32Tensor(
    points.flatMap((point) => rows[point]),
    [points.length, 4],
  );
  return { coordinates, points, batches };
}
