import { requireFormat } from '../../format-error.js';
import {
  cubicWeights,
  linearWeights,
  resample,
  resizeImages,
  type AxisWeights,
  type Tap,
} from '../../lowering/resizing.js';
import { axisOf } from '../../lowering/slicing.js';
import { writtenCount, plainOrder, type Length } from '../../lowering/value.js';
import { input, knownInput, type OnnxOp, type OnnxOperation } from '../onnx-operation.js';

export const resizeOps: Readonly<Record<string, OnnxOp>> = { Resize: resize, Upsample: resize };

/** How an axis is resized. */
interface AxisResize {
  readonly axis: number;
  readonly from: number;
  readonly to: number;
  readonly scale: number;
}

function resize(operation: OnnxOperation) {
  const { builder, attributes, op } = operation;
  const x = input(operation, 0);
  const axes = resizedAxes(operation);
  const mode = attributes.text('mode', 'nearest');
  const places = op === 'Upsample' ? 'asymmetric' : attributes.text('coordinate_transformation_mode', 'half_pixel');
  const isAntialiased = attributes.integer('antialias', 0) !== 0;
  requireFormat(!isAntialiased && places !== 'tf_crop_and_resize', 'convert', 'a Resize must have no antialias and no crop', places); // prettier-ignore
  const isImage = x.shape.length === 4 && axes.length > 0 && axes.every(({ axis }) => axis >= 2);
  const isExact = axes.every(({ from, to, scale }) => Math.abs(from * scale - to) < 1e-3 && to > 1);
  const ofTfjs = { align_corners: 'corners', half_pixel: 'centres', asymmetric: 'edges' } as const;
  if (mode === 'linear' && isImage && isExact && Object.hasOwn(ofTfjs, places)) {
    const size = [2, 3].map((axis) => axes.find((each) => each.axis === axis)?.to ?? known(x.shape[axis]));
    return resizeImages(builder, 'ResizeBilinear', x, size, ofTfjs[places as keyof typeof ofTfjs]);
  }
  return resample(builder, x, axes.map((axis) => weightsOf(operation, mode, places, axis))); // prettier-ignore
}

function known(length: Length): number {
  requireFormat(typeof length === 'number', 'convert', 'resized axes must have a known size', length);
  return length;
}

/** Axes whose size changes. */
function resizedAxes(operation: OnnxOperation): AxisResize[] {
  const { attributes, inputs, op, opset } = operation;
  const { shape } = input(operation, 0);
  const given = attributes.integers('axes')?.map((axis) => axisOf(axis, shape.length)) ?? plainOrder(shape.length);
  const scaleInput = op === 'Upsample' || opset < 11 ? 1 : 2;
  const scales = attributes.numbers('scales') ?? (inputs[scaleInput] ? knownInput(operation, scaleInput) : []);
  const sizes = inputs[3] ? knownInput(operation, 3) : [];
  const policy = attributes.text('keep_aspect_ratio_policy', 'stretch');
  const ratios = sizes.map((size, i) => size / known(shape[given[i]]));
  const common = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
  return given.flatMap((axis, i): AxisResize[] => {
    const isSized = sizes.length > 0;
    if (!isSized && scales[i] === 1) return [];
    const from = known(shape[axis]);
    const scale = isSized ? (policy === 'stretch' ? ratios[i] : common) : scales[i];
    const to = isSized && policy === 'stretch' ? sizes[i] : isSized ? Math.round(scale * from) : Math.floor(from * scale + 1e-6); // prettier-ignore
    return to === from && scale === 1 ? [] : [{ axis, from, to, scale }];
  });
}

function weightsOf(operation: OnnxOperation, mode: string, places: string, resized: AxisResize): AxisWeights {
  const { attributes } = operation;
  const { axis, from, to } = resized;
  const rounding = operation.op === 'Upsample' ? 'floor' : attributes.text('nearest_mode', 'round_prefer_floor');
  const inside = (place: number) => Math.min(Math.max(place, 0), from - 1);
  const isExcluding = attributes.integer('exclude_outside', 0) !== 0;
  const taps = Array.from({ length: writtenCount(to) }, (_, i): Tap[] => {
    const at = sourcePlace(places, i, resized);
    if (mode === 'nearest') return [{ place: inside(rounded(at, rounding)), weight: 1 }];
    const first = Math.floor(at);
    const raw =
      mode === 'cubic'
        ? cubicWeights(at - first, attributes.number('cubic_coeff_a', -0.75))
        : linearWeights(at - first);
    const start = mode === 'cubic' ? first - 1 : first;
    const kept = raw.map((weight, tap) => (isExcluding && inside(start + tap) !== start + tap ? 0 : weight));
    const sum = isExcluding ? kept.reduce((all, weight) => all + weight) : 1;
    return kept.map((weight, tap) => ({ place: inside(start + tap), weight: weight / sum }));
  });
  return { axis, taps };
}

function sourcePlace(places: string, i: number, { from, to, scale }: AxisResize): number {
  switch (places) {
    case 'align_corners':
      return to === 1 ? 0 : (i * (from - 1)) / (scale * from - 1);
    case 'asymmetric':
      return i / scale;
    case 'pytorch_half_pixel':
      return to > 1 ? (i + 0.5) / scale - 0.5 : 0;
    case 'half_pixel_symmetric': {
      const adjustment = to / (scale * from);
      return (from / 2) * (1 - adjustment) + (i + 0.5) / scale - 0.5;
    }
    default:
      return (i + 0.5) / scale - 0.5;
  }
}

function rounded(at: number, mode: string): number {
  if (mode === 'floor') return Math.floor(at);
  if (mode === 'ceil') return Math.ceil(at);
  return mode === 'round_prefer_ceil' ? Math.floor(at + 0.5) : Math.ceil(at - 0.5);
}
