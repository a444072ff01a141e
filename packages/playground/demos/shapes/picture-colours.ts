type Colour = readonly [red: number, green: number, blue: number];

const low: Colour = [52, 90, 200];
const high: Colour = [255, 226, 110];
const dim: Colour = [58, 66, 80];
const bright: Colour = [255, 190, 60];
/** Of the picked point. */
export const pickedColour: Colour = [96, 232, 255];
const unknown: Colour = [110, 118, 128];
const goldenAngle = 137.508; // degrees: the hues of consecutive indices are far apart
const lightnesses = [0.72, 0.5, 0.82, 0.6, 0.4]; // told apart by lightness too where the hue comes near again

/** Colours of points by how high they lie. @param points float32 `[points, 3]` @returns uint8 `[points, 3]` */
export function heightColours(points: Float32Array): Uint8Array {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 2; i < points.length; i += 3) {
    least = Math.min(least, points[i]);
    most = Math.max(most, points[i]);
  }
  return coloursOf(points.length / 3, (point) =>
    between(low, high, (points[3 * point + 2] - least) / (most - least || 1)),
  );
}

/**
 * A colour for each index, the same everywhere; those of neighbouring indices differ clearly. Points without an index are
 * grey.
 */
export function indexColours(pointCount: number, indices: ArrayLike<number>): Uint8Array {
  return coloursOf(pointCount, (point) => (point < indices.length ? colourOfIndex(indices[point]) : unknown));
}

/** The brighter, the more weight a point has. */
export function weightColours(pointCount: number, weights: ArrayLike<number>, largest: number): Uint8Array {
  return coloursOf(pointCount, (point) => between(dim, bright, point < weights.length ? weights[point] / largest : 0));
}

export function plainColours(pointCount: number): Uint8Array {
  return coloursOf(pointCount, () => unknown);
}

export function colourOfIndex(index: number): Colour {
  const hue = (index * goldenAngle) % 360;
  const lightness = lightnesses[index % lightnesses.length];
  const range = 0.85 * Math.min(lightness, 1 - lightness); // of HSL with a saturation of 85 %
  const channel = (offset: number) => {
    const sector = (offset + hue / 30) % 12;
    return Math.round(255 * (lightness - range * Math.max(-1, Math.min(sector - 3, 9 - sector, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

function coloursOf(pointCount: number, colourOf: (point: number) => Colour): Uint8Array {
  const rgb = new Uint8Array(3 * pointCount);
  for (let point = 0; point < pointCount; point++) rgb.set(colourOf(point), 3 * point);
  return rgb;
}

function between(start: Colour, end: Colour, share: number): Colour {
  const [red, green, blue] = start.map((value, i) => Math.round(value + share * (end[i] - value)));
  return [red, green, blue];
}
