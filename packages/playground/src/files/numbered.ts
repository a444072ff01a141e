import type { Item } from '../demo.js';

/** Items of a file: named as the file where it has one alone, else by its name and their number. */
export function numbered<T, Rest extends object>(
  name: string,
  contents: readonly T[],
  itemOf: (content: T) => Rest,
): (Item & Rest)[] {
  return contents.map((content, i) => ({
    name: contents.length > 1 ? `${name} ${i + 1}` : name,
    source: { file: name, index: i },
    ...itemOf(content),
  }));
}
