/** On a canvas, in CSS pixels from its left and upper edge. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where a point is drawn, and how far behind others. */
export interface DrawnPlace extends Place {
  readonly depth: number;
}

/**
 * The point that is meant by a place: the foremost of those that cover it, else the nearest on the canvas.
 *
 * @param drawnAt where each of the points is drawn; null for one that is not to be seen
 * @param radius  of a point that is drawn, in CSS pixels
 * @param reach   largest distance from the place, in CSS pixels
 * @returns       null where no point is within reach
 */
export function nearestPoint(
  pointCount: number,
  drawnAt: (point: number) => DrawnPlace | null,
  place: Place,
  { radius, reach }: { readonly radius: number; readonly reach: number },
): number | null {
  let nearest: number | null = null;
  let [least, leastDepth] = [reach, Infinity];
  for (let point = 0; point < pointCount; point++) {
    const drawn = drawnAt(point);
    if (!drawn) continue;
    const distance = Math.max(radius, Math.hypot(drawn.x - place.x, drawn.y - place.y));
    if (distance > least || (distance === least && drawn.depth >= leastDepth)) continue;
    [nearest, least, leastDepth] = [point, distance, drawn.depth];
  }
  return nearest;
}
