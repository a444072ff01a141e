import { encode } from 'fast-png';
import { imageFile } from './image-file.spec.js';
import { isImageFile, readImages } from './read-images.js';

describe('readImages', () => {
  const side = 28;
  const grey = Uint8Array.from({ length: side ** 2 }, (_, pixel) => pixel % 256);
  const png = (data: Uint8Array, channels: number, width = side) =>
    encode({ width, height: data.length / channels / width, data, channels }) as Uint8Array<ArrayBuffer>;

  it('reads idx, also gzipped', async () => {
    const file = imageFile(side, 2);
    const images = [1, 2].map((value) => new Uint8Array(side ** 2).fill(value));
    expect(await readImages(file)).toEqual(images);
    const zipped = new Response(new Blob([file]).stream().pipeThrough(new CompressionStream('gzip')));
    const contents = new Uint8Array(await zipped.arrayBuffer());
    expect(await readImages(contents)).toEqual(images);
    expect(await isImageFile(contents)).toBe(true);
  });

  it('reads PNG by luminance; what is transparent is background', async () => {
    expect(await readImages(png(grey, 1))).toEqual([grey]);
    const colours = Uint8Array.from([...grey].flatMap((value) => [value, value, value, value === 7 ? 0 : 255]));
    expect(await readImages(png(colours, 4))).toEqual([grey.map((value) => (value === 7 ? 0 : value))]);
  });

  it('knows its files from others', async () => {
    expect(await isImageFile(png(grey, 1))).toBe(true);
    expect(await isImageFile(imageFile(64, 1))).toBe(false);
    expect(await isImageFile(png(new Uint8Array(4096), 1, 64))).toBe(false);
    expect(await isImageFile(Uint8Array.of(0x1f, 0x8b, 1, 2))).toBe(false);
    expect(await isImageFile(new Uint8Array(0))).toBe(false);
  });

  it('refuses other files', async () => {
    const message = /^a file of images must be idx or PNG .*, got another file$/;
    await expectAsync(readImages(Uint8Array.of(1, 2, 3))).toBeRejectedWithError(RangeError, message);
  });
});
