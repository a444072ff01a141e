import { seededRandom, shuffled } from '@tfjs-sparse/core';

/** A key that stands for a value, at its place in the prompt; both are words by number. */
interface Pair {
  readonly position: number;
  readonly key: number;
  readonly value: number;
}

/** What a row asks for, and the right answer after all hops. */
export interface Question {
  readonly word: number;
  readonly answer: number;
}

export interface Task {
  readonly pairs: readonly Pair[];
  /** How often an answer is asked for again. */
  readonly hops: number;
  /** Questions in the prompt, by their rows. */
  readonly asked: ReadonlyMap<number, Question>;
  /** Questions that follow the prompt, one at a time. */
  readonly following: readonly Question[];
}

export type TaskName = 'needle' | 'recall' | 'tracking';

/** Made by seed, for prompts of so many tokens. */
export const tasks: Readonly<Record<TaskName, (tokens: number, seed: number) => Task>> = {
  /** One pair anywhere; the last rows and what follows ask for it. */
  needle(tokens, seed) {
    const random = seededRandom(seed);
    const [key, value] = words(random);
    const position = 1 + Math.floor(random() * (tokens - 80));
    const question = { word: key, answer: value };
    return { pairs: [{ position, key, value }], hops: 1, asked: lastRows(tokens, [question]), following: [question] };
  },

  /** A pair for 16 tokens; rows all over the second half ask for some, and what follows for others. */
  recall(tokens, seed) {
    const random = seededRandom(seed);
    const count = Math.min(tokens / 16, wordCount / 2);
    const all = words(random);
    const places = shuffled(range(1, tokens / 2), random);
    const pairs = range(0, count).map((i) => ({ position: places[i], key: all[2 * i], value: all[2 * i + 1] }));
    const questions = pairs.map(({ key, value }) => ({ word: key, answer: value }));
    const rows = range(0, 16).map((i) => tokens / 2 + Math.floor(((i + random()) * tokens) / 32));
    return {
      pairs,
      hops: 1,
      asked: new Map(rows.map((row, i) => [row, questions[i]])),
      following: questions.slice(16, 32),
    };
  },

  /** Chains of variables, each set to the one before; the last rows and what follows ask for the values of their ends. */
  tracking(tokens, seed) {
    const random = seededRandom(seed);
    const [hops, chains] = [3, 4];
    const all = words(random);
    const places = shuffled(range(1, tokens - 80), random).slice(0, hops * chains).sort((a, b) => a - b); // prettier-ignore
    const chainOf = (chain: number) => all.slice(chain * (hops + 1), (chain + 1) * (hops + 1));
    const pairs = places.map((position, i) => {
      const [chain, step] = [i % chains, Math.floor(i / chains)];
      return { position, key: chainOf(chain)[step + 1], value: chainOf(chain)[step] };
    });
    const questions = range(0, chains).map((chain) => ({ word: chainOf(chain)[hops], answer: chainOf(chain)[0] }));
    return { pairs, hops, asked: lastRows(tokens, questions), following: questions };
  },
};

export const wordCount = 1024;

function words(random: () => number): number[] {
  return shuffled(range(0, wordCount), random);
}

function range(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, i) => first + i);
}

function lastRows(tokens: number, questions: readonly Question[]): Map<number, Question> {
  return new Map(range(tokens - 8, tokens).map((row, i) => [row, questions[i % questions.length]]));
}
