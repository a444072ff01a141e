import { binOf, scanRows } from '../../src/clouds/files/scan-rows-fixture.spec.js';
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

  it('says so where the columns look like another number', async () => {
    const contents = binOf(scanRows(400).map((row) => row.slice(0, 3)));
    const [{ name, hint }] = await demo.read({ name: 'a.bin', contents }, { columns: ['4'] });
    expect([name, hint]).toEqual(['a.bin', 'Read as 4 numbers a point, though its columns look like 3.']);
    const [right] = await demo.read({ name: 'a.bin', contents }, { columns: ['3'] });
    expect(right.hint).toBeUndefined();
  });

  it('says what it took a file for that nobody described', async () => {
    const [{ assumedColumns, hint }] = await demo.read({ name: 'few.bin', contents: points }, {});
    expect([assumedColumns, hint]).toEqual([4, jasmine.stringMatching(/^Read as 4 numbers a point, a guess/)]);
  });
});
