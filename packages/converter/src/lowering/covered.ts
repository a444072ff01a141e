import { requireFormat } from '../format-error.js';

const mostNamed = 5;

/**
 * Names all that is not covered at once.
 *
 * @param kind of what nodes do, in the words of the framework
 * @param uncovered operators, each with a place where it is
 */
export function requireCovered(
  name: string,
  kind: string,
  uncovered: readonly (readonly [op: string, place: string])[],
) {
  const places = new Map<string, string[]>();
  for (const [op, place] of uncovered) places.set(op, [...(places.get(op) ?? []), place]);
  const got = Array.from(places, ([op, all]) => `${op} (${someOf(all)})`).join(', ');
  requireFormat(places.size === 0, name, `${kind} must be covered`, got);
}

/** The first of many places. */
export function someOf(places: readonly string[]): string {
  const more = places.length > mostNamed ? ` and ${places.length - mostNamed} more` : '';
  return places.slice(0, mostNamed).join(', ') + more;
}
