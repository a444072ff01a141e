/** An active site: batch index, then one integer per axis. */
export type Site = readonly number[];

/** The row of each site, by its coordinates written out. */
export function rowsBySite(sites: readonly Site[]): Map<string, number> {
  return new Map(sites.map((site, row) => [site.join(), row]));
}

/** Sites once each, batch first, then axis by axis. */
export function sortedSites(sites: Iterable<Site>): Site[] {
  const unique = new Map([...sites].map((site) => [site.join(), site]));
  return [...unique.values()].sort((a, b) => {
    const axis = a.findIndex((value, index) => value !== b[index]);
    return a[axis] - b[axis];
  });
}

/** Every integer vector with 0 <= v < size, last axis fastest. */
export function vectorsBelow(size: readonly number[]): number[][] {
  let vectors: number[][] = [[]];
  for (const extent of size) {
    vectors = vectors.flatMap((vector) => Array.from({ length: extent }, (_, step) => [...vector, step]));
  }
  return vectors;
}
