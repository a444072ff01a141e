import { derivedKey } from '@tfjs-sparse/core';
import { channelsOfGroup, type FilterAttrs } from './attributes.js';
import { stripsOf, type Strips } from './strips.js';

/** How the wasm kernel cuts its work. */
export interface TileSizes {
  /** Cells of a tile. */
  readonly width: number;
  /** Outputs that are added up together. */
  readonly groupOutputs: number;
  /** Bytes of the channels whose weights are met together. */
  readonly chunkBytes: number;
  /** Of the kernel: 1, 2 or 4; blocks of 8 are taken as two of 4. */
  readonly blockOutputs: number;
}

/** In which order the wasm kernel meets the kept blocks: group of outputs by group, chunk of channels by chunk. */
export interface TileTables {
  /** Names the order, for what is packed in it. */
  readonly id: string;
  readonly strips: Strips;
  readonly chunks: number;
  /** int32 `[groups, chunks, block rows of the group]`: kept blocks. */
  readonly counts: Int32Array;
  /** int32 `[blocks]`: which block each entry takes. */
  readonly order: Int32Array;
  /** int32 `[blocks]`: the byte offset in the tile of its first pixel. */
  readonly offsets: Int32Array;
}

const tables = derivedKey<TileTables>();
const floatBytes = Float32Array.BYTES_PER_ELEMENT;

/** The tables of a filter, which live as long as its pattern. */
export function tileTables(attrs: FilterAttrs, sizes: TileSizes): TileTables {
  const { geometry: g, groups } = attrs;
  const filter = `${g.filterHeight}x${g.filterWidth} ${g.dilationHeight},${g.dilationWidth} ${groups}`;
  const id = `${filter} ${g.strideWidth} ${g.padTop},${g.padLeft} ${sizes.width}`; // the other sizes follow from the width
  return attrs.pattern.blocks.derived(tables.of(id), (own) => {
    const made = { id, ...makeTables(attrs, sizes) };
    for (const table of [made.strips.shifts, made.counts, made.order, made.offsets]) own(table);
    return made;
  });
}

function makeTables(attrs: FilterAttrs, sizes: TileSizes): Omit<TileTables, 'id'> {
  const { geometry, groups, pattern } = attrs;
  const { blockOutputs, groupOutputs } = sizes;
  const strips = stripsOf(geometry, sizes.width);
  const groupInChannels = channelsOfGroup(attrs);
  const channelBytes = (strips.shifts.length / 2) * strips.pixels * floatBytes;
  const chunkChannels = Math.max(1, Math.floor(sizes.chunkBytes / channelBytes));
  const chunks = Math.max(1, Math.ceil((groupInChannels * groups) / chunkChannels));
  const rows = Math.ceil(pattern.outFeatures / blockOutputs);
  const groupRows = groupOutputs / blockOutputs;
  const parts = pattern.blockOutputs / blockOutputs; // of a block of the pattern
  const counts: number[] = [];
  const order: number[] = [];
  const offsets: number[] = [];
  for (let group = 0; group < rows; group += groupRows) {
    const sorted = Array.from({ length: Math.min(groupRows, rows - group) }, (_, i) =>
      byChannel(pattern.blocks, Math.floor((group + i) / parts), groupInChannels),
    );
    const next = sorted.map(() => 0);
    for (let chunk = 0; chunk < chunks; chunk++) {
      sorted.forEach((blocks, i) => {
        const firstOutput = (group + i) * blockOutputs;
        const firstChannel = Math.floor(firstOutput / (pattern.outFeatures / groups)) * groupInChannels;
        const first = next[i];
        for (; next[i] < blocks.length; next[i]++) {
          const column = pattern.columns[blocks[next[i]]];
          const channel = firstChannel + (column % groupInChannels);
          if (channel >= (chunk + 1) * chunkChannels) break;
          order.push(blocks[next[i]] * parts + ((group + i) % parts));
          offsets.push(channel * channelBytes + strips.places[Math.floor(column / groupInChannels)] * floatBytes);
        }
        counts.push(next[i] - first);
      });
    }
  }
  const [countTable, orderTable, offsetTable] = [counts, order, offsets].map((values) => Int32Array.from(values));
  return { strips, chunks, counts: countTable, order: orderTable, offsets: offsetTable };
}

/** The blocks of a row, channel by channel. */
function byChannel(
  { starts, columns }: { readonly starts: Int32Array; readonly columns: Int32Array },
  row: number,
  channels: number,
): number[] {
  const blocks = Array.from({ length: starts[row + 1] - starts[row] }, (_, i) => starts[row] + i);
  return blocks.sort((a, b) => (columns[a] % channels) - (columns[b] % channels) || a - b);
}
