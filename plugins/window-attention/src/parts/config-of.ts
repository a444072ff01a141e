import type { serialization } from '@tensorflow/tfjs-core';

/** A copy of arguments that JSON can hold, for `getConfig`. */
export function configOf(args: object): serialization.ConfigDict {
  return JSON.parse(JSON.stringify(args)) as serialization.ConfigDict;
}
