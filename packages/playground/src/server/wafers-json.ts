import type { NamedWafer } from '../command/named-wafers.js';

/** More would make the page slow; the rest of a large file is in the table. */
const maxWafers = 200;

/** What /wafers.json holds. */
export interface WaferList {
  /** `map` is base64 of uint8 `[64 * 64]`. */
  readonly wafers: readonly { readonly name: string; readonly map: string }[];
  /** How many more there were. */
  readonly omitted: number;
}

export function wafersJson(wafers: readonly NamedWafer[]): Uint8Array {
  const list: WaferList = {
    wafers: wafers.slice(0, maxWafers).map(({ name, map }) => ({ name, map: Buffer.from(map).toString('base64') })),
    omitted: Math.max(0, wafers.length - maxWafers),
  };
  return Buffer.from(JSON.stringify(list));
}
