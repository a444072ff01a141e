import { alphabet } from '@tfjs-sparse/shakespeare-topk';

export interface FeatureExamples {
  readonly feature: number;
  /** Characters at which it was active. */
  readonly active: number;
  /** The text around its greatest activations, the character itself between brackets. */
  readonly texts: readonly string[];
}

const examplesOfFeature = 3;
const charactersBefore = 24;
const charactersBehind = 8;

/**
 * Features at even steps of the order by how often they are active, so that nobody chose them, with their greatest
 * activations of different lines.
 */
export function evenlyChosenFeatures(
  activations: Float32Array,
  features: number,
  text: Int32Array,
  count: number,
): FeatureExamples[] {
  const active = new Array<number>(features).fill(0);
  activations.forEach((value, i) => value > 0 && active[i % features]++);
  const fired = [...active.keys()].filter((feature) => active[feature] > 0);
  fired.sort((a, b) => active[b] - active[a] || a - b);
  return Array.from({ length: count }, (_, i) => fired[Math.floor(((i + 0.5) * fired.length) / count)]).map(
    (feature) => ({
      feature,
      active: active[feature],
      texts: greatest(activations, features, feature).map((place) => around(text, place)),
    }),
  );
}

/** Places of the greatest activations, no two nearer than the text that is shown. */
function greatest(activations: Float32Array, features: number, feature: number): number[] {
  const places = Array.from({ length: activations.length / features }, (_, place) => place);
  places.sort((a, b) => activations[b * features + feature] - activations[a * features + feature] || a - b);
  const chosen: number[] = [];
  for (const place of places) {
    if (activations[place * features + feature] <= 0 || chosen.length === examplesOfFeature) break;
    if (chosen.every((other) => Math.abs(other - place) > charactersBefore)) chosen.push(place);
  }
  return chosen;
}

function around(text: Int32Array, place: number): string {
  const written = (from: number, end: number) =>
    [...text.subarray(Math.max(from, 0), end)]
      .map((index) => alphabet[index])
      .join('')
      .replaceAll('\n', '⏎');
  const before = written(place - charactersBefore, place);
  return `${before}[${written(place, place + 1)}]${written(place + 1, place + 1 + charactersBehind)}`;
}
