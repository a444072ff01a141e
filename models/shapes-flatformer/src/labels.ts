/** The classes, in the order of the network's output. */
export const labels = [
  'sphere',
  'box',
  'cylinder',
  'cone',
  'capsule',
  'torus',
  'pyramid',
  'tetrahedron',
  'octahedron',
  'helix',
  'Möbius strip',
  'trefoil knot',
  'saddle',
  'jack',
  'table',
  'chair',
] as const;

export type Label = (typeof labels)[number];
