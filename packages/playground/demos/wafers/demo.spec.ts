import { describeDemo } from '../../src/worker/demo-fixture.spec.js';
import { demo } from './demo.js';

describe('the wafers demo', () => {
  const rows = ['0 1 1 0', '1 2 1 1', '0 1 1'];
  const csv = (count: number) => new TextEncoder().encode(`${rows.slice(0, count).join('\n')}\n`);
  describeDemo('wafers', demo, {
    file: { name: 'one.csv', contents: csv(2) },
    refused: {
      file: { name: 'short.csv', contents: csv(3) },
      message: /^row 3 of map 1 .* must have 4 numbers .*, got 3$/,
    },
  });
});
