import { CompressedRows, derivedKey } from '@tfjs-sparse/core';
import type { SiteSets } from '../site-sets/site-sets.js';
import type { AttentionLists } from './attributes.js';

const listsOfSets = derivedKey<AttentionLists>();

/** Of the slots those in whose place a site gets its result ask, and those that are keys are asked. */
export function attentionLists(sets: SiteSets): AttentionLists {
  const { rows, places, sites, isKey } = sets;
  return rows.derived(listsOfSets, (own) => {
    const asks = sites.map((site, slot) => Number(places[site] === slot));
    return { queries: own(chosen(rows, asks)), keys: isKey ? own(chosen(rows, isKey)) : rows };
  });
}

function chosen({ rowCount, columnCount, starts, columns }: CompressedRows, isChosen: Int32Array): CompressedRows {
  const keptStarts = new Int32Array(starts.length);
  for (let row = 0; row < rowCount; row++) {
    let count = 0;
    for (let entry = starts[row]; entry < starts[row + 1]; entry++) count += isChosen[entry];
    keptStarts[row + 1] = keptStarts[row] + count;
  }
  return CompressedRows.from(
    [rowCount, columnCount],
    keptStarts,
    columns.filter((_, entry) => isChosen[entry] === 1),
  );
}
