import { crosses } from './rays.js';
import { box, cylinder, ellipsoid, type Shape } from './shapes.js';

const material = { label: 0, reflectance: 1 };

/** Enters a shape along x, at this slope; null where the ray misses. */
function entry(shape: Shape, slope: number): { enter: number; exit: number; cosine: number } | null {
  const crossing = { enter: 0, exit: 0, cosine: 0 };
  return crosses(shape, 1, 0, slope, crossing) ? crossing : null;
}

describe('crosses', () => {
  const pose = { x: 10, y: 0, z: -1, heading: 0 };

  it('enters a box at its front and leaves it at its back', () => {
    const shape = box(pose, { back: -2, front: 2, width: 1, bottom: 0, top: 3 }, material);
    expect(entry(shape, 0)).toEqual({ enter: 8, exit: 12, cosine: 1 });
    expect(entry(shape, 1)).toBeNull();
    expect(
      entry(box({ ...pose, y: 0.6 }, { back: -2, front: 2, width: 1, bottom: 0, top: 3 }, material), 0),
    ).toBeNull();
  });

  it('meets a leaning side later at the top', () => {
    const extent = { back: -2, front: 2, width: 1, bottom: 0, top: 2, leanBack: 1 };
    expect(entry(box(pose, extent, material), 0)!.enter).toBeCloseTo(8.5, 10); // half way up
  });

  it('enters a cylinder from the side, and from above through its end', () => {
    const shape = cylinder(10, 0, 1, -1, 1, material);
    expect(entry(shape, 0)).toEqual({ enter: 9, exit: 11, cosine: 1 });
    expect(entry(cylinder(10, 0, 1, -2, -1, material), -0.1)!.enter).toBeCloseTo(10, 10);
    expect(entry(cylinder(10, 1.1, 1, -1, 1, material), 0)).toBeNull();
  });

  it('enters an ellipsoid of revolution', () => {
    const { enter, exit } = entry(ellipsoid(10, 0, 2, -1, 1, material), 0)!;
    expect([enter, exit]).toEqual([8, 12]);
    expect(entry(ellipsoid(10, 0, 2, -1, 1, material), 0.2)).toBeNull();
  });

  it('does not enter what the sensor is inside of', () => {
    expect(entry(cylinder(0, 0, 1, -1, 1, material), 0)).toBeNull();
    expect(entry(ellipsoid(0, 0, 1, -1, 1, material), 0)).toBeNull();
  });
});
