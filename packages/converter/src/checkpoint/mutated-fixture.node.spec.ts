/** How many mutations of each kind of file are tried, and from which seed. */
export const mutations = Number(process.env.MUTATIONS ?? 2000);
export const mutationSeed = Number(process.env.MUTATION_SEED ?? 1);
/** No file may take longer. */
export const mostMs = 1000;

/** Flips bits, writes numbers of interest, repeats, moves and cuts. */
export function mutated(file: Uint8Array, random: () => number): Uint8Array<ArrayBuffer> {
  let bytes = Uint8Array.from(file);
  const below = (limit: number) => Math.min(limit - 1, Math.floor(random() * limit));
  const interesting = [0, 1, 0x7f, 0x80, 0xff, 0x2e, 0x28, 0x52, 0x8a];
  for (let i = 1 + below(6); i > 0 && bytes.length > 0; i--) {
    const at = below(bytes.length);
    const kind = below(6);
    if (kind === 0) bytes[at] ^= 1 << below(8);
    else if (kind === 1) bytes[at] = interesting[below(interesting.length)];
    else if (kind === 2) bytes.fill(interesting[below(interesting.length)], at, at + 1 + below(8));
    else if (kind === 3) bytes = bytes.slice(0, at);
    else if (kind === 4) bytes = new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(below(bytes.length))]);
    else bytes.copyWithin(at, below(bytes.length), below(bytes.length));
  }
  return bytes;
}

/** The same of JSON: numbers, texts, lists and objects become others, and go. */
export function mutatedJson<T>(json: T, random: () => number): T {
  const copy = structuredClone(json);
  const below = (limit: number) => Math.min(limit - 1, Math.floor(random() * limit));
  const others = [0, 1, -1, 2 ** 31, 2 ** 53, 1.5, null, '', 'x', [], {}, true];
  for (let i = 1 + below(3); i > 0; i--) {
    let place: Record<string, unknown> = { root: copy };
    let key = 'root';
    while (random() < 0.9 && typeof place[key] === 'object' && place[key] !== null) {
      const inner = place[key] as Record<string, unknown>;
      const keys = Object.keys(inner);
      if (keys.length === 0) break;
      [place, key] = [inner, keys[below(keys.length)]];
    }
    if (key === 'root') continue;
    if (random() < 0.2 && !Array.isArray(place)) delete place[key];
    else place[key] = others[below(others.length)];
  }
  return copy;
}
