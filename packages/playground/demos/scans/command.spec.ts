import { command } from './command.js';
import type { Scan, TimedSegmentation } from './demo.js';

describe('the row of a scan', () => {
  const points = Float32Array.of(1, 2, 3);
  const result: TimedSegmentation = {
    labels: Uint8Array.of(0),
    shares: [1, 0, 0, 0, 0, 0],
    siteCount: 1,
    confidence: 1,
    isUnusual: false,
    hint: null,
    ms: 1,
  };
  const hintsOf = (hints: Pick<Scan, 'hint'>, found: Pick<TimedSegmentation, 'hint'>) => {
    const [scan, segmentation] = [
      { name: 'a.bin', points, ...hints },
      { ...result, ...found },
    ];
    const [, ...lines] = command.table([scan], 'cpu').row(scan, segmentation).split('\n');
    expect(JSON.parse(command.jsonRow(scan, segmentation)).hint).toBe(lines[0]?.trim());
    return lines.map((line) => line.trim());
  };

  it('says what may be wrong with how it was read, and with its points', () => {
    expect(hintsOf({}, { hint: null })).toEqual([]);
    expect(hintsOf({ hint: 'A guess.' }, { hint: null })).toEqual(['A guess.']);
    expect(hintsOf({}, { hint: 'Another unit?' })).toEqual(['Another unit?']);
    expect(hintsOf({ hint: 'A guess.' }, { hint: 'Another unit?' })).toEqual(['A guess. Another unit?']);
  });
});
