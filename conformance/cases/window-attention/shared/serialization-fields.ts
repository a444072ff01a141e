import * as field from '../../../src/fields.js';

/** What blocks over serialised patches take. */
export const serializationFields = {
  heads: field.number,
  order: field.oneOf('z', 'z-trans', 'hilbert', 'hilbert-trans'),
  patchSize: field.number,
  smallClouds: field.optional(field.oneOf('shortPatch', 'smallestCloud')),
  normalize: field.optional(field.oneOf('normFirst', 'normLast')),
  axes: field.optional(field.numbers),
  depth: field.optional(field.number),
};
