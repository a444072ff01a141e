import { labels } from '@tfjs-sparse/fashion-mobilenet-90';
import { drawShapes, points } from './draw-shapes.js';
import { sampleImages } from './sample-images.js';

describe('sampleImages', () => {
  it('draws every class, the same for the same seed', () => {
    const images = sampleImages(1);
    expect(images.map(({ label }) => label)).toEqual([...labels]);
    expect(sampleImages(1)).toEqual(images);
    expect(sampleImages(2)).not.toEqual(images);
    for (const { label, pixels } of images) {
      const share = pixels.filter((value) => value > 0).length / pixels.length;
      expect(share > 0.1 && share < 0.8)
        .withContext(label)
        .toBe(true);
    }
  });
});

describe('drawShapes', () => {
  it('fills outlines, by parts at their edges; later shapes cover earlier ones', () => {
    const square = { outline: points('2,3 6,3 6,5.5 2,5.5'), brightness: 200 };
    const hole = { outline: points('3,3 4,3 4,4 3,4'), brightness: 0 };
    const image = drawShapes([square, hole]);
    const row = (y: number) => [...image.subarray(28 * y, 28 * y + 8)];
    expect(row(2)).toEqual(Array(8).fill(0));
    expect(row(3)).toEqual([0, 0, 200, 0, 200, 200, 0, 0]);
    expect(row(5)).toEqual([0, 0, 100, 100, 100, 100, 0, 0]);
  });
});
