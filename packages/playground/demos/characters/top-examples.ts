import type { ExampleArrays } from './tasks.js';

export const examplesPerFeature = 8;
const apart = 32; // characters: nearer ones would be shown in one line

export interface Example {
  readonly place: number;
  readonly value: number;
}

/** The places at which each feature is strongest; of places near each other the strongest counts. */
export class TopExamples {
  #characters = 0;
  readonly #activeCounts: Int32Array;
  readonly #places: Int32Array;
  readonly #values: Float32Array;

  constructor(readonly featureCount: number) {
    this.#activeCounts = new Int32Array(featureCount);
    this.#places = new Int32Array(featureCount * examplesPerFeature);
    this.#values = new Float32Array(featureCount * examplesPerFeature);
  }

  static of({ activeCounts, ...more }: ExampleArrays): TopExamples {
    const made = new TopExamples(activeCounts.length);
    made.addAll({ activeCounts, ...more });
    return made;
  }

  get characters(): number {
    return this.#characters;
  }

  /** Share of the characters at which the feature is above 0. */
  shareOf(feature: number): number {
    return this.#activeCounts[feature] / Math.max(this.#characters, 1);
  }

  /** The strongest first. */
  examplesOf(feature: number): Example[] {
    const first = feature * examplesPerFeature;
    const all = Array.from({ length: examplesPerFeature }, (_, i) => first + i);
    return all.filter((i) => this.#values[i] > 0).map((i) => ({ place: this.#places[i], value: this.#values[i] }));
  }

  /**
   * Adds the characters of a text.
   *
   * @param activations float32 `[characters, features]`
   * @param start       place of the first character
   */
  addText(activations: Float32Array, start: number): void {
    const characters = activations.length / this.featureCount;
    this.#characters += characters;
    for (let row = 0, i = 0; row < characters; row++) {
      for (let feature = 0; feature < this.featureCount; feature++, i++) {
        if (activations[i] <= 0) continue;
        this.#activeCounts[feature]++;
        this.#keep(feature, start + row, activations[i]);
      }
    }
  }

  /** Adds what was found in another part of the text. */
  addAll({ characters, activeCounts, places, values }: ExampleArrays): void {
    this.#characters += characters;
    activeCounts.forEach((count, feature) => (this.#activeCounts[feature] += count));
    values.forEach((value, i) => {
      if (value > 0) this.#keep(Math.floor(i / examplesPerFeature), places[i], value);
    });
  }

  toArrays(): ExampleArrays {
    return {
      characters: this.#characters,
      activeCounts: this.#activeCounts,
      places: this.#places,
      values: this.#values,
    };
  }

  #keep(feature: number, place: number, value: number): void {
    const first = feature * examplesPerFeature;
    const last = first + examplesPerFeature - 1;
    if (value <= this.#values[last]) return;
    let free = last;
    for (let i = first; i <= last && this.#values[i] > 0; i++) {
      if (Math.abs(this.#places[i] - place) >= apart) continue;
      if (this.#values[i] >= value) return;
      free = i;
      break;
    }
    for (; free > first && this.#values[free - 1] < value; free--) {
      this.#values[free] = this.#values[free - 1];
      this.#places[free] = this.#places[free - 1];
    }
    this.#values[free] = value;
    this.#places[free] = place;
  }
}
