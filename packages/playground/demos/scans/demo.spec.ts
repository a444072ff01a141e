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
});
