/** The classes of WM-811K, in the order of the model's probabilities. */
export const labels = [
  'Center',
  'Donut',
  'Edge-loc',
  'Edge-ring',
  'Local',
  'Near-full',
  'None',
  'Random',
  'Scratch',
] as const;

export type Label = (typeof labels)[number];
