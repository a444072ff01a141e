import type { ExampleArrays } from './tasks.js';

const cacheName = 'tfjs-sparse-character-examples';

/** Examples of the networks with these weights that a scan of this browser found, or null. */
export async function readStored(fingerprint: string): Promise<ExampleArrays | null> {
  try {
    const cache = await globalThis.caches?.open(cacheName);
    const response = await cache?.match(addressOf(fingerprint));
    return response ? fromJson(await response.text()) : null;
  } catch {
    return null; // what cannot be read is looked for again
  }
}

/** @returns whether the browser keeps them: insecure pages and private windows do not */
export async function writeStored(fingerprint: string, examples: ExampleArrays): Promise<boolean> {
  try {
    const cache = await globalThis.caches?.open(cacheName);
    await cache?.put(addressOf(fingerprint), new Response(toJson(examples)));
    return cache !== undefined;
  } catch {
    return false;
  }
}

export function toJson({ characters, activeCounts, places, values }: ExampleArrays): string {
  return JSON.stringify({ characters, activeCounts: [...activeCounts], places: [...places], values: [...values] });
}

export function fromJson(text: string): ExampleArrays {
  const { characters, activeCounts, places, values } = JSON.parse(text) as {
    characters: number;
    activeCounts: number[];
    places: number[];
    values: number[];
  };
  return {
    characters,
    activeCounts: Int32Array.from(activeCounts),
    places: Int32Array.from(places),
    values: Float32Array.from(values),
  };
}

function addressOf(fingerprint: string): string {
  return `https://tfjs-sparse.invalid/examples/${fingerprint}`;
}
