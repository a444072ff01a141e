/** What a shape is made of: its class, and what rays do to it. */
export interface Material {
  /** Index into `labels`, or `unlabelled`. */
  readonly label: number;
  /** Share of the light that comes back: 0.05 dark asphalt or paint, 0.9 white wall. */
  readonly reflectance: number;
  /** Hits per metre inside (leaves); absent for surfaces. */
  readonly density?: number;
  /** Share of the rays that pass a surface with holes (wire fence) or of glass; default 0. */
  readonly transmission?: number;
  /** Windows in a wall: rays get lost there, or come back from behind. */
  readonly hasWindows?: boolean;
}

interface Bounds {
  /** Centre and radius of a vertical cylinder around the shape. */
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly bottom: number;
  readonly top: number;
  readonly material: Material;
}

/** A convex body: all points with normal . p <= offset. */
export interface Convex extends Bounds {
  readonly kind: 'convex';
  /** `[planes, 4]`: normal x, y, z and offset. */
  readonly planes: Float64Array;
}

/** A vertical cylinder. */
export interface Cylinder extends Bounds {
  readonly kind: 'cylinder';
}

/** An ellipsoid of revolution about the vertical: `radius` across, `top - bottom` high. */
export interface Ellipsoid extends Bounds {
  readonly kind: 'ellipsoid';
}

export type Shape = Convex | Cylinder | Ellipsoid;

export function cylinder(x: number, y: number, radius: number, bottom: number, top: number, material: Material): Shape {
  return { kind: 'cylinder', x, y, radius, bottom, top, material };
}

export function ellipsoid(
  x: number,
  y: number,
  radius: number,
  bottom: number,
  top: number,
  material: Material,
): Shape {
  return { kind: 'ellipsoid', x, y, radius, bottom, top, material };
}

/** Where a part stands: the origin and the direction of its length axis. */
export interface Pose {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly heading: number;
}

/** The position of a point of a posed thing. */
export function placed({ x, y, z, heading }: Pose, along: number, across: number): Pose {
  const [cos, sin] = [Math.cos(heading), Math.sin(heading)];
  return { x: x + cos * along - sin * across, y: y + sin * along + cos * across, z, heading };
}

/** From `back` to `front` along the pose's heading, `width` across it, from `bottom` to `top` above it. */
export interface Extent {
  readonly back: number;
  readonly front: number;
  readonly width: number;
  readonly bottom: number;
  readonly top: number;
  /** How much back, front and both sides lean inwards from bottom to top, in metres; default 0. */
  readonly leanBack?: number;
  readonly leanFront?: number;
  readonly leanSides?: number;
}

/** A box whose four sides may lean inwards: walls, cars' bodies and cabins. */
export function box(pose: Pose, extent: Extent, material: Material): Shape {
  const { back, front, width, bottom, top, leanBack = 0, leanFront = 0, leanSides = 0 } = extent;
  const height = top - bottom;
  const centre = placed(pose, (back + front) / 2, 0);
  const half = (front - back) / 2;
  const [cos, sin] = [Math.cos(pose.heading), Math.sin(pose.heading)];
  const rows: number[] = [0, 0, 1, pose.z + top, 0, 0, -1, -(pose.z + bottom)];
  const side = (along: number, across: number, distance: number, lean: number) => {
    const length = Math.hypot(1, lean / height);
    const [x, y] = [(cos * along - sin * across) / length, (sin * along + cos * across) / length];
    const z = lean / height / length;
    const foot = { x: centre.x, y: centre.y, z: pose.z + bottom };
    rows.push(x, y, z, x * foot.x + y * foot.y + z * foot.z + distance / length);
  };
  side(1, 0, half, leanFront);
  side(-1, 0, half, leanBack);
  side(0, 1, width / 2, leanSides);
  side(0, -1, width / 2, leanSides);
  return {
    kind: 'convex',
    x: centre.x,
    y: centre.y,
    radius: Math.hypot(half, width / 2),
    bottom: pose.z + bottom,
    top: pose.z + top,
    planes: Float64Array.from(rows),
    material,
  };
}
