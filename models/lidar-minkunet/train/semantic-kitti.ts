import { readFileSync } from 'node:fs';
import { labels, unlabelled, type Label, type Scan } from '@tfjs-sparse/lidar-minkunet';

/** SemanticKITTI's ids by the class that they count as; ids that are not here are not scored. */
const ids: Readonly<Record<Label, readonly number[]>> = {
  ground: [40, 44, 48, 49, 60, 72],
  building: [50, 51, 52],
  vehicle: [10, 11, 13, 15, 16, 18, 20, 252, 256, 257, 258, 259],
  person: [30, 31, 32, 253, 254, 255],
  pole: [71, 80, 81],
  vegetation: [70],
};

/**
 * A labelled frame of SemanticKITTI.
 *
 * @param path of the .bin file (float32 `[points, 4]`); the .label file (uint32 `[points]`) is beside it
 */
export function readSemanticKitti(path: string): Scan {
  const values = new Float32Array(new Uint8Array(readFileSync(path)).buffer);
  const trueIds = new Uint32Array(new Uint8Array(readFileSync(path.replace(/\.bin$/, '.label'))).buffer);
  const labelOfId = new Map(labels.flatMap((name, label) => ids[name].map((id) => [id, label] as const)));
  return {
    points: values.filter((_, i) => i % 4 < 3),
    labels: Uint8Array.from(trueIds, (id) => labelOfId.get(id & 0xffff) ?? unlabelled), // the upper half: the instance
  };
}
