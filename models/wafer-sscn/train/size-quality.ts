import { resampleWafer } from '@tfjs-sparse/wafer-sscn';
import { side } from './dataset.js';
import type { Quality } from './quality.js';

/** How well maps were recognised that were brought to a grid and from there to the network's. */
export interface SizeQuality {
  readonly height: number;
  readonly width: number;
  readonly quality: Quality;
}

const sizes = [
  [128, 128],
  [100, 120],
  [48, 48],
  [40, 44],
  [32, 32],
  [26, 26],
] as const;

/**
 * Quality by the size that maps come in.
 *
 * @param maps     uint8 `[64 * 64]` each
 * @param measured quality on maps of the network's size
 */
export async function sizeQualities(
  maps: readonly Uint8Array[],
  measured: (maps: readonly Uint8Array[]) => Promise<Quality>,
): Promise<SizeQuality[]> {
  const qualities: SizeQuality[] = [];
  for (const [height, width] of sizes) {
    const there = (values: Uint8Array) => resampleWafer({ height: side, width: side, values }, height, width);
    const back = maps.map((map) => resampleWafer({ height, width, values: there(map) }));
    qualities.push({ height, width, quality: await measured(back) });
  }
  return qualities;
}
