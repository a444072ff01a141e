import { drawTensor, type SourceTensor } from '../../../oracle/tensor-source.js';
import type { AutoencoderSettings } from '@tfjs-sparse/topk';

export interface AutoencoderCase {
  readonly rows: number;
  readonly width: number;
  readonly features: number;
  readonly settings: AutoencoderSettings;
  /** Of a transcoder with a skip connection; default the width, without. */
  readonly outWidth?: number;
  readonly hasBiases?: boolean;
  readonly seed: number;
}

/** Inputs of a case; the order is the op's. */
export function drawAutoencoder(of: AutoencoderCase): Record<string, SourceTensor> {
  const { rows, width, features, settings, outWidth = width, hasBiases = true, seed } = of;
  const { activation } = settings;
  const scaled = (shape: readonly number[], index: number, scale: number) => {
    const drawn = drawTensor(shape, seed + index);
    return { ...drawn, values: drawn.values.map((value) => Math.fround(value * scale)) };
  };
  const threshold = scaled([features], 5, 0.3);
  return {
    x: drawTensor([rows, width], seed),
    encoder: drawTensor([features, width], seed + 1),
    decoder: drawTensor([features, outWidth], seed + 2),
    ...(hasBiases && activation !== 'gated' ? { encoderBias: scaled([features], 3, 0.3) } : {}),
    ...(hasBiases && outWidth === width ? { decoderBias: scaled([outWidth], 4, 0.3) } : {}),
    ...(activation === 'jumpRelu' ? { threshold: { ...threshold, values: threshold.values.map(Math.abs) } } : {}),
    ...(activation === 'gated'
      ? {
          gateBias: scaled([features], 6, 0.3),
          magnitudeBias: scaled([features], 7, 0.3),
          magnitudeScale: scaled([features], 8, 0.3),
        }
      : {}),
    ...(outWidth === width ? {} : { skip: drawTensor([outWidth, width], seed + 9) }),
  };
}
