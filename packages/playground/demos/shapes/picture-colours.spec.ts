import { colourOfIndex, heightColours, weightColours } from './picture-colours.js';

describe('colours of shapes', () => {
  it('tell an index from the 30 after it', () => {
    const leastDifference = 24; // of 255, over the channels
    for (let index = 0; index < 200; index++) {
      for (let other = index + 1; other <= index + 30; other++) {
        const difference = Math.hypot(...colourOfIndex(index).map((value, i) => value - colourOfIndex(other)[i]));
        expect(difference).withContext(`${index} and ${other}`).toBeGreaterThan(leastDifference);
      }
    }
  });

  it('rise with the height, also where there is one height alone', () => {
    const [red, , , redAbove] = heightColours(Float32Array.of(0, 0, -1, 0, 0, 5));
    expect(redAbove).toBeGreaterThan(red);
    expect([...heightColours(Float32Array.of(0, 0, 3))]).toEqual([52, 90, 200]);
  });

  it('rise with the weight; points that have none yet are as dark as those of weight 0', () => {
    const colours = weightColours(3, [0, 0.5], 0.5);
    expect(colours[3]).toBeGreaterThan(colours[0]);
    expect(colours.slice(6)).toEqual(colours.slice(0, 3));
  });
});
