/** The classes that the network tells apart; a label is an index into this list. */
export const labels = ['ground', 'building', 'vehicle', 'person', 'pole', 'vegetation'] as const;

export type Label = (typeof labels)[number];

/** The label of points that belong to none of the classes (bins, benches, cabinets): not trained, not scored. */
export const unlabelled = 255;
