import type { Scan } from '@tfjs-sparse/lidar-minkunet';

/**
 * A half of a scan as another sensor in another place might have seen it: turned about the vertical, perhaps mirrored,
 * scaled, raised, tilted, thinned out by beams and by points, with noise.
 */
export function augmented({ points, labels }: Scan, random: () => number): Scan {
  const angle = 2 * Math.PI * random();
  const scale = 0.93 + 0.14 * random();
  const mirror = random() < 0.5 ? -1 : 1;
  const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const rise = 0.3 * (random() - 0.5);
  const [tiltX, tiltY] = [0.03 * (random() - 0.5), 0.03 * (random() - 0.5)];
  const keptShare = random() < 0.5 ? 1 : 0.6 + 0.4 * random();
  const beamStep = random() < 0.15 ? 2 : 0; // every second beam, as a scanner of 32 beams
  const noise = 0.02 * random();
  const sector = 2 * Math.PI * random();
  const [sectorX, sectorY] = [Math.cos(sector), Math.sin(sector)];
  const kept = new Float32Array(points.length);
  const keptLabels = new Uint8Array(labels.length);
  let count = 0;
  for (let point = 0; point < labels.length; point++) {
    const [x, y, z] = [points[3 * point], points[3 * point + 1], points[3 * point + 2]];
    if (x * sectorX + y * sectorY < 0 || (keptShare < 1 && random() > keptShare)) continue;
    if (beamStep > 0 && beamOf(x, y, z) % beamStep === 0) continue;
    const [shakeX, shakeY, shakeZ] = [random() - 0.5, random() - 0.5, random() - 0.5];
    kept[3 * count] = cos * x - sin * y + noise * shakeX;
    kept[3 * count + 1] = mirror * (sin * x + cos * y) + noise * shakeY;
    kept[3 * count + 2] = scale * z + rise + tiltX * x + tiltY * y + noise * shakeZ;
    keptLabels[count++] = labels[point];
  }
  return { points: kept.slice(0, 3 * count), labels: keptLabels.slice(0, count) };
}

/** Number of the beam that a point of the simulator belongs to. */
function beamOf(x: number, y: number, z: number): number {
  const elevation = (Math.atan2(z, Math.hypot(x, y)) * 180) / Math.PI;
  return elevation > -8.6 ? Math.round((2 - elevation) * 3) : 32 + Math.round((-8.83 - elevation) * 2);
}
