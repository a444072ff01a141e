import { requireRange } from '@tfjs-sparse/core';
import type { ElementType } from '../lowering/value.js';
import type { GivenInputs } from '../torch/script/script-inputs.js';

/**
 * Shapes of inputs as people write them: `x=1,3,224,224`, with a type `ids=int32:1,?`; ? is a length that only a run knows.
 *
 * @throws RangeError for another text
 */
export function givenInputs(texts: readonly string[]): GivenInputs {
  const one = (text: string) => {
    const [, name, dtype, lengths] =
      /^([^=]+)=(?:(float32|int32|bool):)?((?:\d+|\?)(?:,(?:\d+|\?))*|)$/.exec(text) ?? [];
    requireRange(name !== undefined, 'convert', 'input must be like x=1,3,224,224 or ids=int32:1,?', text);
    const shape = lengths === '' ? [] : lengths.split(',').map((length) => (length === '?' ? null : Number(length)));
    return [name, { shape, dtype: dtype as ElementType | undefined }] as const;
  };
  return Object.fromEntries(texts.map(one));
}
