import { unzipSync, type UnzipFileInfo } from 'fflate';
import { requireRange } from '@tfjs-sparse/core';
import { npyHeader, readNpy } from './npy.js';

const op = 'readNpz';
const maxBytes = 2 ** 28; // unpacked: 22 million points; some kilobytes of zip can unpack to gigabytes

/** The first array of shape `[points, 3 or more]` in NumPy's .npz format: a zip file of .npy files. */
export function readNpz(contents: Uint8Array<ArrayBuffer>): Float32Array {
  const arrays = unzip(contents);
  const shapes: string[] = [];
  for (const [name, array] of Object.entries(arrays)) {
    const { shape } = npyHeader(array);
    if (shape.length === 2 && shape[1] >= 3) return readNpy(array);
    shapes.push(`${name} [${shape.join(', ')}]`);
  }
  throw requireArray(shapes);
}

function unzip(contents: Uint8Array<ArrayBuffer>): Record<string, Uint8Array<ArrayBuffer>> {
  let unpacked = 0;
  const filter = ({ name, originalSize }: UnzipFileInfo) => {
    if (!name.endsWith('.npy')) return false;
    unpacked += originalSize;
    requireRange(unpacked <= maxBytes, op, `the arrays must be at most ${maxBytes} bytes together`, unpacked);
    return true;
  };
  try {
    return unzipSync(contents, { filter }) as Record<string, Uint8Array<ArrayBuffer>>;
  } catch (error) {
    if (error instanceof RangeError && error.message.startsWith(op)) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    throw new RangeError(`${op}: the file must be a whole zip file, got ${problem}`, { cause: error });
  }
}

function requireArray(shapes: readonly string[]): RangeError {
  const found = shapes.length > 0 ? shapes.join(', ') : 'no array';
  return new RangeError(`${op}: the file must have an array of shape [points, 3 or more], got ${found}`);
}
