import { violation } from '@tfjs-sparse/core';

/** 65,000 maps. A few kilobytes of gzip can unpack to gigabytes. */
const maxBytes = 2 ** 28;

export async function gunzip(contents: Uint8Array<ArrayBuffer>, limit = maxBytes): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let byteCount = 0;
  const reader = new Blob([contents]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      byteCount += piece.value.length;
      if (byteCount > limit) break;
      pieces.push(piece.value);
    }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new RangeError(violation('readWafers', 'a gzip file must be whole', problem), { cause: error });
  }
  if (byteCount > limit) {
    await reader.cancel();
    throw new RangeError(violation('readWafers', `a gzip file must unpack to at most ${limit} bytes`, 'more'));
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}
