import { requireFile } from '../../files/require-file.js';

const longestLiteral = 32; // a control byte below begins a run of so many bytes, less one
const longReference = 7; // then another byte extends the length

/** Unpacks LibLZF's format, as binary_compressed .pcd files have it; exactly `byteCount` bytes must come out. */
export function unpackLzf(packed: Uint8Array, byteCount: number): Uint8Array {
  const unpacked = new Uint8Array(byteCount);
  let [from, to] = [0, 0];
  const requireRoom = (holds: boolean) =>
    requireFile(holds, `the compressed points must unpack to ${byteCount} bytes`, 'broken data');
  while (from < packed.length) {
    const control = packed[from++];
    if (control < longestLiteral) {
      const run = packed.subarray(from, from + control + 1);
      requireRoom(run.length === control + 1 && to + run.length <= byteCount);
      unpacked.set(run, to);
      from += run.length;
      to += run.length;
      continue;
    }
    let length = control >> 5;
    if (length === longReference) length += packed[from++];
    const source = to - ((control & 0x1f) << 8) - packed[from++] - 1;
    const end = to + length + 2;
    requireRoom(from <= packed.length && source >= 0 && end <= byteCount);
    for (let read = source; to < end;) unpacked[to++] = unpacked[read++]; // may overlap, which repeats a pattern
  }
  requireRoom(to === byteCount);
  return unpacked;
}
