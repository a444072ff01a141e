import { fromJson, readStored, toJson, writeStored } from './stored-examples.js';
import { TopExamples } from './top-examples.js';

describe('stored examples', () => {
  const examples = new TopExamples(2);
  examples.addText(Float32Array.of(0.1, 0, 3, 2), 7);

  it('come back as they were', () => {
    expect(fromJson(toJson(examples.toArrays()))).toEqual(examples.toArrays());
  });

  it('are kept where the browser has a cache, by the weights', async () => {
    const isStored = await writeStored('a,b', examples.toArrays());
    expect(isStored).toBe(globalThis.caches !== undefined);
    expect(await readStored('a,b')).toEqual(isStored ? examples.toArrays() : null);
    expect(await readStored('a,c')).toBeNull();
  });
});
