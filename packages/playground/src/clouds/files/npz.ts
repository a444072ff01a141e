import { unzipSync, type UnzipFileInfo } from 'fflate';
import { mostColumns } from '@tfjs-sparse/lidar-minkunet';
import { isFloat, npyHeader, readNpy } from './npy.js';
import { fileError, requireFile } from '../../files/require-file.js';

const maxBytes = 2 ** 28; // unpacked: 22 million points; some kilobytes of zip can unpack to gigabytes

/**
 * The points in NumPy's .npz format, a zip file of .npy files: the array of floats of shape `[points, 3 or more]` that is
 * called as points are, or the only one that is no 3 x 4 or 4 x 4 transform.
 */
export function readNpz(contents: Uint8Array<ArrayBuffer>): Float64Array {
  const arrays = Object.entries(unzip(contents)).map(([name, array]) => {
    const { shape, type } = npyHeader(array);
    const isFitting = isFloat(type) && shape.length === 2 && shape[1] >= 3;
    return { name: name.replace(/\.npy$/, ''), array, shape, type, isFitting };
  });
  const fitting = arrays.filter(({ isFitting }) => isFitting);
  const named = fitting.filter(({ name }) => pointNames.test(name));
  const isTransform = ([rows, columns]: readonly number[]) => columns === 4 && (rows === 3 || rows === 4);
  const clouds = fitting.filter(({ shape }) => shape[1] <= mostColumns && !isTransform(shape));
  const [chosen] = [named, clouds, fitting].filter(({ length }) => length === 1);
  const found = arrays.map(({ name, type, shape }) => `${name} ${type} [${shape.join(', ')}]`);
  const rule = 'the file must have one array of floats of shape [points, 3 or more], or one named points among them';
  requireFile(chosen !== undefined, rule, found.length > 0 ? found.join(', ') : 'no array');
  return readNpy(chosen[0].array);
}

/** Names that arrays of points have, whole or as the last word of a path. */
const pointNames = /(^|[/_.])(points?|pts|xyz|pos|positions?|coords?|coordinates|pc|cloud|pointcloud|scan|lidar)$/i;

function unzip(contents: Uint8Array<ArrayBuffer>): Record<string, Uint8Array<ArrayBuffer>> {
  let unpacked = 0;
  const filter = ({ name, originalSize }: UnzipFileInfo) => {
    if (!name.endsWith('.npy')) return false;
    unpacked += originalSize;
    return unpacked <= maxBytes;
  };
  const arrays = unzipped(contents, filter);
  requireFile(unpacked <= maxBytes, `the arrays must be at most ${maxBytes} bytes together`, unpacked);
  return arrays;
}

function unzipped(
  contents: Uint8Array<ArrayBuffer>,
  filter: (file: UnzipFileInfo) => boolean,
): Record<string, Uint8Array<ArrayBuffer>> {
  try {
    return unzipSync(contents, { filter }) as Record<string, Uint8Array<ArrayBuffer>>;
  } catch (error) {
    throw fileError('the file must be a whole zip file', 'broken data', error);
  }
}
