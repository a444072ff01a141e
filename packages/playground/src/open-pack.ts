import { loadPack, type LoadPackOptions, type Pack } from '@tfjs-sparse/packs';

/** Loads a pack of a demo; an error begins with the pack, as whoever reads it has called no function. */
export async function openPack(name: string, source: string | URL, options?: LoadPackOptions): Promise<Pack> {
  try {
    return await loadPack(source, options);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`pack ${name}: ${message.replace(/^loadPack: /, '')}`, { cause: error });
  }
}
