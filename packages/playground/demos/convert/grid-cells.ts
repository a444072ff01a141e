const mostCells = 2 ** 20; // on an axis

/**
 * Cells on each axis of a grid of sites, such as `41, 160, 140`; one number is for all axes.
 *
 * @throws RangeError for another text
 */
export function gridCells(text: string, rank: number): number[] {
  const given = text.trim().split(/[\s,]+/).map(Number); // prettier-ignore
  const cells = given.length === 1 ? new Array<number>(rank).fill(given[0]) : given;
  const areCells = cells.every((count) => Number.isSafeInteger(count) && count > 0 && count <= mostCells);
  if (areCells && cells.length === rank) return cells;
  const rule = `cells on the axes must be ${rank} whole numbers from 1 to ${mostCells}, or one for all`;
  throw new RangeError(`${rule}, got ${text.trim() || 'none'}`);
}
