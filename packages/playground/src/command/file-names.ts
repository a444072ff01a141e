import { basename, resolve, sep } from 'node:path';

/**
 * What each file is called in rows and results: its name, after as many of its folders as tell it from another file of that
 * name. A file that is given twice has one name.
 */
export function fileNames(paths: readonly string[]): string[] {
  const places = paths.map((path) => resolve(path));
  return places.map((place) => {
    const others = places.filter((other) => other !== place && basename(other) === basename(place));
    const parts = place.split(sep);
    const isShared = (count: number) =>
      others.some((other) => lastParts(other.split(sep), count) === lastParts(parts, count));
    let count = 1;
    while (isShared(count)) count++;
    return lastParts(parts, count);
  });
}

function lastParts(parts: readonly string[], count: number): string {
  return parts.slice(-count).join('/');
}
