import { rowsBySite, sortedSites, vectorsBelow, type Site } from './sites.js';

/**
 * y[u] = bias + sum over k of transpose(W[k]) x[strides * u + offsets[k]], absent sites counting as zero. In groups, block
 * g of the output channels sees block g of the input channels.
 */
export interface Convolution {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  /** Instead of all of the box. */
  readonly taps?: readonly (readonly number[])[];
  readonly groups?: number;
}

export interface ConvolutionParameters {
  /** `[offsets][inChannels / groups][outChannels]` */
  readonly weight: readonly (readonly (readonly number[])[])[];
  /** `[outChannels]` */
  readonly bias: readonly number[] | null;
}

export interface ConvolutionGradients {
  readonly x: number[][];
  readonly weight: number[][][];
  readonly bias: number[];
}

export function offsetsOf({ kernelSize, padding, dilation, taps = vectorsBelow(kernelSize) }: Convolution): number[][] {
  return taps.map((step) => step.map((d, axis) => dilation[axis] * d - padding[axis]));
}

/**
 * Every u whose window holds a site, within `spatialShape` where there is one, and with `fromMinimum` (and no shape) at
 * or above the lowest coordinate on each axis.
 */
export function coveringSites(
  sites: readonly Site[],
  convolution: Convolution,
  spatialShape: readonly number[] | null,
  fromMinimum = false,
): Site[] {
  const { strides } = convolution;
  const lowest = strides.map((_, axis) => Math.min(...sites.map((site) => site[axis + 1])));
  const bound = spatialShape && windowCounts(spatialShape, convolution);
  const found: Site[] = [];
  for (const [batch, ...cell] of sites) {
    for (const offset of offsetsOf(convolution)) {
      const u = cell.map((c, axis) => (c - offset[axis]) / strides[axis]);
      const isInside = u.every((value, axis) =>
        bound ? value >= 0 && value < bound[axis] : !fromMinimum || value * strides[axis] >= lowest[axis],
      );
      if (u.every(Number.isInteger) && isInside) found.push([batch, ...u.map((value) => value + 0)]);
    }
  }
  return sortedSites(found);
}

/** How many windows fit on each axis of a dense grid. */
export function windowCounts(
  spatialShape: readonly number[],
  { kernelSize, strides, padding, dilation }: Convolution,
): number[] {
  return spatialShape.map((size, axis) => {
    const free = size + 2 * padding[axis] - (dilation[axis] * (kernelSize[axis] - 1) + 1);
    return Math.floor(free / strides[axis]) + 1;
  });
}

/** Every strides * u + offset, within the transposed convolution's share of `spatialShape` where there is one. */
export function generatedSites(
  sites: readonly Site[],
  convolution: Convolution,
  spatialShape: readonly number[] | null,
  outputPadding: readonly number[],
): Site[] {
  const { kernelSize, strides, padding, dilation } = convolution;
  const bound = spatialShape?.map(
    (size, axis) =>
      (size - 1) * strides[axis] -
      2 * padding[axis] +
      dilation[axis] * (kernelSize[axis] - 1) +
      outputPadding[axis] +
      1,
  );
  const found: Site[] = [];
  for (const [batch, ...cell] of sites) {
    for (const offset of offsetsOf(convolution)) {
      const fine = cell.map((c, axis) => strides[axis] * c + offset[axis]);
      if (!bound || fine.every((value, axis) => value >= 0 && value < bound[axis])) found.push([batch, ...fine]);
    }
  }
  return sortedSites(found);
}

/** Every site's cell of the coarser grid. */
export function flooredSites(sites: readonly Site[], strides: readonly number[]): Site[] {
  return sortedSites(sites.map(([batch, ...cell]) => [batch, ...cell.map((c, axis) => Math.floor(c / strides[axis]))]));
}

/** @returns `[output sites][outChannels]` */
export function convolve(
  x: readonly (readonly number[])[],
  sites: readonly Site[],
  outputSites: readonly Site[],
  convolution: Convolution,
  { weight, bias }: ConvolutionParameters,
): number[][] {
  const y = outputSites.map(() => [...(bias ?? zeros(weight[0][0].length))]);
  forEachPair(sites, outputSites, convolution, (input, output, k) => {
    forEachWeight(weight[k], convolution, (w, i, o) => (y[output][o] += w * x[input][i]));
  });
  return y;
}

/** The gradients of sum(y * dy), each written from its own sum. */
export function convolveGradients(
  dy: readonly (readonly number[])[],
  x: readonly (readonly number[])[],
  sites: readonly Site[],
  outputSites: readonly Site[],
  convolution: Convolution,
  { weight }: ConvolutionParameters,
): ConvolutionGradients {
  const gradients = zeroGradients(x, dy, weight);
  forEachPair(sites, outputSites, convolution, (input, output, k) => {
    addPair(gradients, weight[k], convolution, k, input, x[input], dy[output]);
  });
  return gradients;
}

/** The way back up: y[strides * u + offsets[k]] += transpose(W[k]) x[u], then + bias on every fine site. */
export function convolveInverse(
  x: readonly (readonly number[])[],
  coarseSites: readonly Site[],
  fineSites: readonly Site[],
  convolution: Convolution,
  { weight, bias }: ConvolutionParameters,
): number[][] {
  const y = fineSites.map(() => [...(bias ?? zeros(weight[0][0].length))]);
  forEachPair(fineSites, coarseSites, convolution, (fine, coarse, k) => {
    forEachWeight(weight[k], convolution, (w, i, o) => (y[fine][o] += w * x[coarse][i]));
  });
  return y;
}

export function convolveInverseGradients(
  dy: readonly (readonly number[])[],
  x: readonly (readonly number[])[],
  coarseSites: readonly Site[],
  fineSites: readonly Site[],
  convolution: Convolution,
  { weight }: ConvolutionParameters,
): ConvolutionGradients {
  const gradients = zeroGradients(x, dy, weight);
  forEachPair(fineSites, coarseSites, convolution, (fine, coarse, k) => {
    addPair(gradients, weight[k], convolution, k, coarse, x[coarse], dy[fine]);
  });
  return gradients;
}

/** Visits every (input row, output row, offset) that the definition adds. */
export function forEachPair(
  sites: readonly Site[],
  outputSites: readonly Site[],
  convolution: Convolution,
  visit: (input: number, output: number, k: number) => void,
): void {
  const rowOf = rowsBySite(sites);
  const offsets = offsetsOf(convolution);
  outputSites.forEach(([batch, ...u], output) => {
    offsets.forEach((offset, k) => {
      const site = [batch, ...u.map((value, axis) => convolution.strides[axis] * value + offset[axis])];
      const input = rowOf.get(site.join());
      if (input !== undefined) visit(input, output, k);
    });
  });
}

function addPair(
  gradients: ConvolutionGradients,
  weight: readonly (readonly number[])[],
  convolution: Convolution,
  k: number,
  source: number,
  x: readonly number[],
  dy: readonly number[],
): void {
  forEachWeight(weight, convolution, (w, i, o, row) => {
    gradients.x[source][i] += w * dy[o];
    gradients.weight[k][row][o] += x[i] * dy[o];
  });
}

/** Visits every element of one slice with its input channel, its output channel and its row. */
function forEachWeight(
  weight: readonly (readonly number[])[],
  { groups = 1 }: Convolution,
  visit: (w: number, i: number, o: number, row: number) => void,
): void {
  weight.forEach((values, row) =>
    values.forEach((w, o) => {
      const group = Math.floor(o / (values.length / groups));
      visit(w, group * weight.length + row, o, row);
    }),
  );
}

function zeroGradients(
  x: readonly (readonly number[])[],
  dy: readonly (readonly number[])[],
  weight: ConvolutionParameters['weight'],
): ConvolutionGradients {
  const outChannels = weight[0][0].length;
  return {
    x: x.map((row) => zeros(row.length)),
    weight: weight.map((slice) => slice.map((row) => zeros(row.length))),
    bias: zeros(outChannels).map((_, o) => dy.reduce((sum, row) => sum + row[o], 0)),
  };
}

function zeros(length: number): number[] {
  return Array<number>(length).fill(0);
}
