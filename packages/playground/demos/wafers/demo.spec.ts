import { describeDemo } from '../../src/worker/demo-fixture.spec.js';
import { demo } from './demo.js';

describe('the wafers demo', () => {
  const row = Array(64).fill(1).join(' ');
  const csv = (rows: number) => new TextEncoder().encode(`${Array(rows).fill(row).join('\n')}\n`);
  describeDemo('wafers', demo, {
    file: { name: 'one.csv', contents: csv(64) },
    refused: {
      file: { name: 'short.csv', contents: csv(63) },
      message: /^map 1 .* must have 64 rows, got 63$/,
    },
  });
});
