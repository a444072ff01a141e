/** An idx file of square images, each of one grey that is its number. */
export function imageFile(side: number, count: number): Uint8Array<ArrayBuffer> {
  const pixels = Array.from({ length: count * side ** 2 }, (_, i) => Math.floor(i / side ** 2) + 1);
  return Uint8Array.from([0, 0, 8, 3, ...[count, side, side].flatMap((size) => [0, 0, 0, size]), ...pixels]);
}
