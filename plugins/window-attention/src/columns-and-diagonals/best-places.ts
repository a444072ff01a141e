/**
 * The first `forced` places and those of the greatest scores, together `count` (or all); of equal scores the lower places.
 *
 * @returns ascending
 */
export function bestPlaces(scores: Float64Array, count: number, forced: number): number[] {
  const score = (place: number) => (place < forced ? Infinity : scores[place]);
  const places = Array.from(scores, (_, place) => place);
  places.sort((a, b) => (score(a) === score(b) ? a - b : score(b) - score(a)));
  return places.slice(0, count).sort((a, b) => a - b);
}
