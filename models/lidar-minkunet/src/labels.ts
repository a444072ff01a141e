/** The classes that the network tells apart; a label is an index into this list. */
export const labels = ['ground', 'building', 'vehicle', 'person', 'pole', 'vegetation'] as const;

export type Label = (typeof labels)[number];

/** The label of points that belong to none of the classes (bins, benches, cabinets): not trained, not scored. */
export const unlabelled = 255;

export type Colour = readonly [red: number, green: number, blue: number];

/** Told apart on a dark ground, by lightness too. */
const colours: Readonly<Record<Label, Colour>> = {
  ground: [125, 103, 152],
  building: [238, 190, 80],
  vehicle: [84, 146, 255],
  person: [255, 74, 74],
  pole: [245, 245, 245],
  vegetation: [72, 178, 84],
};

const unlabelledColour: Colour = [110, 118, 128];

/** The colour of a label in pictures; of points without a class, grey. */
export function colourOf(label: number): Colour {
  return label < labels.length ? colours[labels[label]] : unlabelledColour;
}
