import * as field from '../../../src/fields.js';

/** Where the entries of a sparse matrix lie, in any order. */
export interface Entries {
  readonly shape: readonly [rows: number, columns: number];
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

export const entriesFields: field.Fields<Entries> = {
  shape: field.pair,
  rows: field.numbers,
  columns: field.numbers,
};
