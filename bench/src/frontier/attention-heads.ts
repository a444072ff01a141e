import { seededRandom } from '@tfjs-sparse/core';
import { wordCount, type Task } from './tasks.js';

export const heads = 4;
export const channels = 64;

/** `[heads, tokens, channels]`, and the queries that follow, `[heads, channels]` each. */
export interface Prompt {
  readonly q: Float32Array;
  readonly k: Float32Array;
  readonly v: Float32Array;
  readonly following: readonly Float32Array[];
}

const score = (value: number) => value * Math.sqrt(channels); // attention divides by it
const retrievalScore = 14;
const restScore = 12;
const localScore = 8;
const topicScore = 5;
const topicTokens = 64;
const topicCount = 16;

/**
 * Attention as transformers have it, made by hand: a head that finds the pairs of a task and else rests on the first token, one
 * that looks near, one that looks for stretches of its topic, one that looks everywhere.
 *
 * @param asks what each row asks for at this hop, and what each following query does; rows without a word rest
 */
export function drawPrompt(
  task: Task,
  tokens: number,
  seed: number,
  asks: { readonly rows: ReadonlyMap<number, number>; readonly following: readonly number[] },
): Prompt {
  const next = gaussian(seed);
  const unit = () => normalised(Float32Array.from({ length: channels }, next));
  const rest = unit();
  const frequencies = Array.from({ length: channels / 2 }, () => Math.abs(next()) * 0.1);
  const topics = Array.from({ length: topicCount }, unit);
  const topicOf = Array.from({ length: Math.ceil(tokens / topicTokens) }, () => Math.floor(Math.abs(next()) * 7) % topicCount); // prettier-ignore
  const place = (position: number): Float32Array => {
    const turned = frequencies.flatMap((frequency) => [Math.cos(frequency * position), Math.sin(frequency * position)]);
    return normalised(Float32Array.from(turned));
  };
  const topic = (position: number) => topics[topicOf[Math.floor(Math.min(position, tokens - 1) / topicTokens)]];
  const queryOf = (word: number | undefined, position: number): Float32Array[] => [
    word === undefined ? scaled(rest, score(restScore)) : scaled(wordVectors[word], score(retrievalScore)),
    scaled(place(position), score(localScore)),
    scaled(topic(position), score(topicScore)),
    Float32Array.from({ length: channels }, next),
  ];
  const pairs = new Map(task.pairs.map((pair) => [pair.position, pair]));
  const [q, k, v] = [0, 1, 2].map(() => new Float32Array(heads * tokens * channels));
  const write = (to: Float32Array, head: number, token: number, row: Float32Array) =>
    to.set(row, (head * tokens + token) * channels);
  for (let token = 0; token < tokens; token++) {
    queryOf(asks.rows.get(token), token).forEach((row, head) => write(q, head, token, row));
    const pair = pairs.get(token);
    write(k, 0, token, pair ? wordVectors[pair.key] : token === 0 ? rest : unit());
    write(k, 1, token, place(token));
    write(k, 2, token, topic(token));
    write(k, 3, token, Float32Array.from({ length: channels }, next));
    write(v, 0, token, pair ? wordVectors[pair.value] : unit());
    for (let head = 1; head < heads; head++) write(v, head, token, unit());
  }
  const following = asks.following.map((word) => {
    const rows = new Float32Array(heads * channels);
    queryOf(word, tokens).forEach((row, head) => rows.set(row, head * channels));
    return rows;
  });
  return { q, k, v, following };
}

/** The word whose vector is nearest to what the first head gave. */
export function answerOf(y: Float32Array): number {
  const products = wordVectors.map((vector) => vector.reduce((sum, value, i) => sum + value * y[i], 0));
  return products.indexOf(Math.max(...products));
}

const wordVectors = makeWords();

function makeWords(): Float32Array[] {
  const next = gaussian(1);
  return Array.from({ length: wordCount }, () => normalised(Float32Array.from({ length: channels }, next)));
}

/** Normally distributed numbers (Box and Muller). */
function gaussian(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function normalised(vector: Float32Array): Float32Array {
  return scaled(vector, 1 / Math.hypot(...vector));
}

function scaled(vector: Float32Array, factor: number): Float32Array {
  return vector.map((value) => value * factor);
}
