import type { NamedScan } from '../command/named-scans.js';
import type { Served } from './served-files.js';

/** What /scans.json holds: the scans of files, in the order of /scans/0.bin, /scans/1.bin, ... */
export interface ScanList {
  readonly scans: readonly { readonly name: string }[];
}

/** The list of scans and the points of each, float32 `[points, 3]`, by their paths. */
export function scanFiles(scans: readonly NamedScan[]): Map<string, Served> {
  const list: ScanList = { scans: scans.map(({ name }) => ({ name })) };
  const files = new Map<string, Served>([
    ['/scans.json', { type: 'application/json', contents: Buffer.from(JSON.stringify(list)) }],
  ]);
  scans.forEach(({ points: { buffer, byteOffset, byteLength } }, i) => {
    const contents = new Uint8Array(buffer, byteOffset, byteLength);
    files.set(`/scans/${i}.bin`, { type: 'application/octet-stream', contents });
  });
  return files;
}
