import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labels, unlabelled } from '@tfjs-sparse/lidar-minkunet';
import { readSemanticKitti } from './semantic-kitti.js';

describe('readSemanticKitti', () => {
  it('reads positions and the classes of ids, whatever the instance', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kitti-'));
    writeFileSync(join(folder, '7.bin'), new Uint8Array(Float32Array.of(1, 2, 3, 0.5, 4, 5, 6, 0, 7, 8, 9, 0).buffer));
    writeFileSync(join(folder, '7.label'), new Uint8Array(Uint32Array.of(40, (3 << 16) | 254, 99).buffer));
    const scan = readSemanticKitti(join(folder, '7.bin'));
    rmSync(folder, { recursive: true });
    expect([...scan.points]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...scan.labels]).toEqual([labels.indexOf('ground'), labels.indexOf('person'), unlabelled]);
  });
});
