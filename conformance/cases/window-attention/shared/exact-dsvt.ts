import { sortedSites, type Site } from '../../../oracle/sites.js';
import type { ExactTensor, ExactTensors } from '../../../src/tensor-operation.js';
import type { positionWeights } from './dsvt-stages.js';
import { isSecond, layers, normEpsilon, positionAxes, windowsOf, type DsvtAttrs } from './dsvt-stages.js';
import { layerWeights } from './encoder-weights.js';
import { exactDsvtSets } from './exact-dsvt-sets.js';
import { encoded, normalized, times } from './exact-encoder.js';

function rowsOf({ shape, values }: ExactTensor): number[][] {
  return Array.from({ length: shape[0] }, (_, row) => values.slice(row * shape[1], (row + 1) * shape[1]));
}

export function inSiteOrder({ x, coordinates }: ExactTensors): { x: ExactTensor; coordinates: ExactTensor } {
  const sites = rowsOf(coordinates);
  const rowOf = new Map(sites.map((site, row) => [site.join(), row]));
  const sorted = sortedSites(sites);
  const features = rowsOf(x);
  return {
    x: { shape: x.shape, values: sorted.flatMap((site) => features[rowOf.get(site.join())!]) },
    coordinates: { shape: coordinates.shape, values: sorted.flat() },
  };
}

export function exactBlock(
  x: ExactTensor,
  coordinates: ExactTensor,
  inputs: ExactTensors,
  attrs: DsvtAttrs,
  [stage, block]: readonly number[],
): ExactTensor {
  const sites: readonly Site[] = rowsOf(coordinates);
  const rowOf = new Map(sites.map((site, row) => [site.join(), row]));
  const plusNormalized = (a: readonly number[], b: readonly number[], name: string) =>
    normalized(a.map((value, i) => value + b[i]), inputs[name].values, inputs[name.replace('Scale', 'Offset')].values, normEpsilon); // prettier-ignore
  let { values } = x;
  for (let layer = 0; layer < layers; layer++) {
    const suffix = `_${stage}_${block}_${layer}`;
    const { windowSize, shift } = windowsOf(attrs, stage, isSecond(attrs, stage, block));
    const axes = layer === 0 ? [1, 2, 0] : [2, 1, 0];
    const partition = exactDsvtSets(sites, { windowSize, shift, setSize: attrs.setSize, axes });
    const sets = partition.sets.map((set) => set.map((site) => rowOf.get(site.join())!));
    const weights = Object.fromEntries(layerWeights.map((name) => [name, inputs[name + suffix]]));
    const position = exactPosition(sites, inputs, attrs, stage, suffix);
    const attention = { sets, heads: attrs.heads, activation: 'relu', order: 'normLast' } as const;
    const y = encoded({ ...weights, x: { shape: x.shape, values }, position: { shape: x.shape, values: position } }, attention); // prettier-ignore
    values = plusNormalized(values, y, `layerScale${suffix}`);
  }
  return { shape: x.shape, values: plusNormalized(x.values, values, `blockScale_${stage}_${block}`) };
}

/** DSVT's position embedding, Linear, BatchNorm, ReLU, Linear, of each site in the window of the layer's number. */
function exactPosition(
  sites: readonly Site[],
  inputs: ExactTensors,
  attrs: DsvtAttrs,
  stage: number,
  suffix: string,
): number[] {
  const of = (name: (typeof positionWeights)[number]) => inputs[`position${name}${suffix}`];
  const { windowSize, shift } = windowsOf(attrs, stage, suffix.endsWith('1'));
  const offsets = sites.flatMap((site) =>
    positionAxes(attrs, stage).map((axis) => {
      const moved = site[1 + axis] + shift[axis];
      return moved - Math.floor(moved / windowSize[axis]) * windowSize[axis] - windowSize[axis] / 2;
    }),
  );
  const channels = of('Mean').shape[0];
  const hidden = times(offsets, sites.length, of('Inner'), of('InnerBias')).map((value, i) => {
    const channel = i % channels;
    const [mean, variance, scale, offset] = (['Mean', 'Variance', 'Scale', 'Offset'] as const).map(
      (name) => of(name).values[channel],
    );
    return Math.max(0, ((value - mean) / Math.sqrt(variance + normEpsilon)) * scale + offset);
  });
  return times(hidden, sites.length, of('Outer'), of('OuterBias'));
}
