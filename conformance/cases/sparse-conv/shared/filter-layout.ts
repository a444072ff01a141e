/** Weights of one layer in our layout, and the way back for gradients. */
export interface FilterLayout {
  /** `[offsets, inChannels / groups, outChannels]`, depthwise `[offsets, channels]` */
  readonly shape: readonly number[];
  fromGolden(values: ArrayLike<number>): Float32Array;
  /** What our layout has at the places of the golden's. */
  toGolden(filter: Float32Array): Float32Array;
}

export function filterLayout(
  layout: string,
  goldenShape: readonly number[],
  goldenRows: readonly number[],
): FilterLayout {
  const last = goldenShape.length - 1;
  const isOutputFirst = layout.startsWith('Cout,');
  const isRawView = layout.includes('raw view'); // spconv reads its (Cout,1,..,Cin) buffer as (Cin,Cout) when K = 1
  const isDepthwise = layout === 'K,C';
  const groups = layout.startsWith('K,G,') ? goldenShape[1] : 1;
  const inputs = isDepthwise ? 1 : isOutputFirst ? goldenShape[last] : goldenShape[last - 1];
  const groupOutputs = isOutputFirst ? goldenShape[0] : goldenShape[last];
  const outputs = groups * groupOutputs;
  const goldenIndex = (row: number, i: number, o: number) => {
    if (isOutputFirst && !isRawView) return (o * goldenRows.length + row) * inputs + i;
    const group = Math.floor(o / groupOutputs);
    return ((row * groups + group) * inputs + i) * groupOutputs + (o % groupOutputs);
  };
  const size = goldenRows.length * inputs * outputs;
  const forEach = (visit: (index: number, golden: number) => void) =>
    goldenRows.forEach((row, offset) => {
      for (let i = 0; i < inputs; i++) {
        for (let o = 0; o < outputs; o++) visit((offset * inputs + i) * outputs + o, goldenIndex(row, i, o));
      }
    });
  return {
    shape: isDepthwise ? [goldenRows.length, outputs] : [goldenRows.length, inputs, outputs],
    fromGolden(values) {
      const filter = new Float32Array(size);
      forEach((index, golden) => (filter[index] = values[golden]));
      return filter;
    },
    toGolden(filter) {
      const values = new Float32Array(size);
      forEach((index, golden) => (values[golden] = filter[index]));
      return values;
    },
  };
}
