import { seededRandom } from '@tfjs-sparse/core';

/** What 32 beams see that turn between walls: x, y, z, intensity, ring, time, three colours, three components of a normal. */
export function scanRows(count: number): number[][] {
  const random = seededRandom(7);
  return Array.from({ length: count }, (_, i) => {
    const [ring, angle] = [i % 32, Math.floor(i / 32) * 0.01];
    const distance = 5 + 20 * Math.abs(Math.sin(3 * angle)) + 0.05 * random();
    const z = Math.max(-1.7, distance * (0.015 * ring - 0.4));
    const [red, green, blue] = [random(), random(), random()].map((share) => Math.floor(256 * share));
    const normal = [random(), random(), random()].map((share) => 2 * share - 1);
    const place = [distance * Math.cos(angle), distance * Math.sin(angle), z];
    return [...place, random(), ring, 1e-6 * i, red, green, blue, ...normal];
  });
}

/** The rows in no order. */
export function shuffled(rows: readonly number[][]): number[][] {
  const random = seededRandom(3);
  const keyed = rows.map((row) => ({ row, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ row }) => row);
}

export function binOf(rows: readonly number[][]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Float32Array.from(rows.flat()).buffer);
}
