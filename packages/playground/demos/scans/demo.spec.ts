import { describeDemo } from '../../src/worker/demo-fixture.spec.js';
import { demo } from './demo.js';

describe('the scans demo', () => {
  const points = new Uint8Array(Float32Array.from({ length: 40 }, (_, i) => i / 4).buffer);
  describeDemo('scans', demo, {
    file: { name: 'few.bin', contents: points },
    refused: {
      file: { name: 'few.txt', contents: points },
      message: /^the name must end in .bin, .*, got few.txt$/,
    },
  });

  it('takes the number of columns from the command line', async () => {
    const [{ points: five }] = await demo.read({ name: 'few.bin', contents: points }, { columns: ['5'] });
    expect([...five].slice(0, 6)).toEqual([0, 0.25, 0.5, 1.25, 1.5, 1.75]);
  });

  it('says so where the points look like another number', async () => {
    const three = Float32Array.from(
      { length: 3 * 400 },
      (_, i) => 10 * Math.sin(Math.floor(i / 3) / 100) + (i % 3) * 5,
    );
    const contents = new Uint8Array(three.buffer);
    const [{ name }] = await demo.read({ name: 'a.bin', contents }, { columns: ['4'] });
    expect(name).toBe('a.bin (as 4 numbers a point, though it looks like 3)');
    const [{ name: right }] = await demo.read({ name: 'a.bin', contents }, { columns: ['3'] });
    expect(right).toBe('a.bin');
  });
});
