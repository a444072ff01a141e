import { requireFormat } from '../../format-error.js';
import { cubicWeights, linearWeights, resample, resizeImages, type AxisWeights, type Tap } from '../../lowering/resizing.js'; // prettier-ignore
import { writtenCount, plainOrder, type Value } from '../../lowering/value.js';
import { reader, type AtenOp, type AtenOperation } from '../aten-operation.js';

type Mode = 'nearest' | 'exact' | 'linear' | 'cubic';
const cubicCoefficient = -0.75; // of PyTorch

export const resizeOps: Readonly<Record<string, AtenOp>> = {
  upsample_nearest1d: (operation) => resized(operation, 1, 'nearest'),
  upsample_nearest2d: (operation) => resized(operation, 2, 'nearest'),
  upsample_nearest3d: (operation) => resized(operation, 3, 'nearest'),
  _upsample_nearest_exact1d: (operation) => resized(operation, 1, 'exact'),
  _upsample_nearest_exact2d: (operation) => resized(operation, 2, 'exact'),
  _upsample_nearest_exact3d: (operation) => resized(operation, 3, 'exact'),
  upsample_linear1d: (operation) => resized(operation, 1, 'linear'),
  upsample_bilinear2d: (operation) => resized(operation, 2, 'linear'),
  upsample_trilinear3d: (operation) => resized(operation, 3, 'linear'),
  upsample_bicubic2d: (operation) => resized(operation, 2, 'cubic'),
};

/** How an axis of places is resized; `scale` is places of the source for each of the result. */
interface AxisResize {
  readonly from: number;
  readonly to: number;
  readonly scale: number;
}

function resized(operation: AtenOperation, places: number, mode: Mode): Value {
  const { builder } = operation;
  const x = operation.tensor(operation.has('input') ? 'input' : 'self');
  const axes = plainOrder(places).map((place) => axisOf(operation, x, place, places));
  const isAligned = operation.isTrue('align_corners');
  const isWhole = axes.every(({ from, to, scale }) => scale === from / to && to > 1);
  if (mode === 'linear' && places === 2 && isWhole) {
    return resizeImages(builder, 'ResizeBilinear', x, [axes[0].to, axes[1].to], isAligned ? 'corners' : 'centres');
  }
  const changed = axes.flatMap((axis, place): AxisWeights[] => {
    const isSame = axis.from === axis.to && axis.scale === 1;
    return isSame ? [] : [{ axis: place + 2, taps: tapsOf(axis, mode, isAligned) }];
  });
  return resample(builder, x, changed);
}

function axisOf(operation: AtenOperation, x: Value, place: number, places: number): AxisResize {
  const from = x.shape[place + 2];
  requireFormat(typeof from === 'number', reader, 'resized axes must have a known size', from);
  const factor = factorOf(operation, place, places);
  const to = operation.has('output_size') ? operation.numbers('output_size')[place] : Math.floor(from * factor!);
  return { from, to, scale: factor === null ? from / to : 1 / factor };
}

/** Given for all axes (`.vec`), or for each by a name; null where the sizes say it. */
function factorOf(operation: AtenOperation, place: number, places: number): number | null {
  if (operation.has('scale_factors')) return operation.numbers('scale_factors')[place];
  const name = places === 1 ? 'scales' : `scales_${'dhw'.slice(3 - places)[place]}`;
  return operation.has(name) ? operation.number(name) : null;
}

function tapsOf({ from, to, scale }: AxisResize, mode: Mode, isAligned: boolean): Tap[][] {
  const inside = (place: number) => Math.min(Math.max(place, 0), from - 1);
  return Array.from({ length: writtenCount(to) }, (_, i): Tap[] => {
    if (mode === 'nearest' || mode === 'exact') {
      return [{ place: inside(Math.floor((mode === 'exact' ? i + 0.5 : i) * scale)), weight: 1 }];
    }
    const centre = isAligned ? (to > 1 ? (i * (from - 1)) / (to - 1) : 0) : (i + 0.5) * scale - 0.5;
    const at = mode === 'linear' ? Math.max(0, centre) : centre;
    const first = Math.floor(at);
    if (mode === 'linear') return tapsAt(first, linearWeights(at - first), inside);
    return tapsAt(first - 1, cubicWeights(at - first, cubicCoefficient), inside);
  });
}

function tapsAt(start: number, weights: readonly number[], inside: (place: number) => number): Tap[] {
  return weights.map((weight, i) => ({ place: inside(start + i), weight }));
}
