import { derivedKey, type WasmKernel } from '@tfjs-sparse/core';
import { channelsOfGroup, type FilterAttrs } from '../conv2d/attributes.js';
import { paddedBias } from '../matmul/padded-bias.js';
import { binaries } from '../wasm-binaries.js';
import type { SampledConv2D } from './attributes.js';

const floatBytes = Float32Array.BYTES_PER_ELEMENT;
const tables = derivedKey<{ readonly shifts: Int32Array; readonly offsets: Int32Array }>();

export const sampledConv2DWasm: WasmKernel<SampledConv2D> = ({ x, dy }, attrs, wasm) => {
  const exports = wasm.load(binaries);
  const { geometry, pattern } = attrs;
  const { batch, inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth } = geometry;
  const { outFeatures, blockOutputs, blockCount } = pattern;
  const chunkRows = exports.chunkRows.value;
  const channels = x.shape[3];
  const places = geometry.filterHeight * geometry.filterWidth;
  const values = wasm.output([blockCount, blockOutputs]);
  const { shifts, offsets } = placeTables(attrs, chunkRows);
  exports.sampledConv2D(
    x.pointer,
    dy.pointer,
    values.pointer,
    wasm.table(pattern.starts),
    wasm.table(offsets),
    channels,
    outFeatures,
    blockOutputs,
    wasm.table(shifts),
    places,
    paddedBias(undefined, channels, wasm),
    wasm.scratch((channels * places + outFeatures + 1) * chunkRows * floatBytes),
    wasm.scratch(blockCount * blockOutputs * Float64Array.BYTES_PER_ELEMENT),
    batch,
    inHeight,
    inWidth,
    outHeight,
    outWidth,
    strideHeight,
    strideWidth,
  );
  return { values };
};

/** The first pixel of every place, and where the pixels of each kept block lie in a tile. */
function placeTables(attrs: FilterAttrs, chunkRows: number) {
  const { geometry, groups, pattern } = attrs;
  const key = tables.of([...Object.values(geometry), groups, chunkRows].join());
  return pattern.blocks.derived(key, (own) => {
    const { filterHeight, filterWidth, dilationHeight, dilationWidth, padTop, padLeft } = geometry;
    const places = filterHeight * filterWidth;
    const shifts = new Int32Array(2 * places);
    for (let place = 0; place < places; place++) {
      const row = Math.floor(place / filterWidth) * dilationHeight - padTop;
      shifts.set([row, (place % filterWidth) * dilationWidth - padLeft], 2 * place);
    }
    const channels = channelsOfGroup(attrs);
    const groupRows = pattern.outFeatures / groups / pattern.blockOutputs;
    const offsets = Int32Array.from(pattern.columns, (column, block) => {
      const channel = Math.floor(pattern.blocks.rows[block] / groupRows) * channels + (column % channels);
      return (channel * places + Math.floor(column / channels)) * chunkRows * floatBytes;
    });
    return { shifts: own(shifts), offsets: own(offsets) };
  });
}
