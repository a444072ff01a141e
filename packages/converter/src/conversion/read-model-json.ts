import { io } from '@tensorflow/tfjs-core';
import { violation } from '@tfjs-sparse/core';
import type { ByteSource } from '../bytes/byte-source.js';
import { FormatError, requireFormat } from '../format-error.js';
import { wellFormed } from '../lowering/well-formed.js';

const reader = 'convert';
const mostJsonBytes = 2 ** 27;

/** A model.json of tfjs with the files of weights beside it; null for another file. */
export async function readModelJson(source: ByteSource): Promise<io.ModelArtifacts | null> {
  const [first] = await source.read(0, Math.min(1, source.size));
  if (first !== 0x7b || source.size > mostJsonBytes) return null;
  const json = parsed(new TextDecoder().decode(await source.read(0, source.size)));
  if (!json || !('modelTopology' in json)) return null;
  const weightsOf = async (manifest: io.WeightsManifestConfig): Promise<[io.WeightsManifestEntry[], ArrayBuffer]> => {
    const files: Uint8Array<ArrayBuffer>[] = [];
    for (const path of manifest.flatMap(({ paths }) => paths)) files.push(await fileBeside(source, path));
    return [manifest.flatMap(({ weights }) => weights), joined(files)];
  };
  return wellFormed(reader, () => io.getModelArtifactsForJSON(json as io.ModelJSON, weightsOf));
}

function parsed(text: string): object | null {
  try {
    const json = JSON.parse(text) as unknown;
    return typeof json === 'object' ? json : null;
  } catch {
    return null;
  }
}

async function fileBeside(source: ByteSource, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const isBeside = /^[^/\\]+$/.test(path) && path !== '..';
  requireFormat(isBeside, reader, `weights must lie beside ${source.name}`, path);
  const file = await source.sibling?.(path);
  if (!file) throw new FormatError(violation(reader, `${path} must lie beside ${source.name}`, 'none'));
  return file.read(0, file.size);
}

function joined(files: readonly Uint8Array[]): ArrayBuffer {
  const all = new Uint8Array(files.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const file of files) {
    all.set(file, start);
    start += file.length;
  }
  return all.buffer;
}
