import type * as tf from '@tensorflow/tfjs';
import type { Architecture } from './architecture.js';
import type { Kind } from './network.js';

const epsilon = 1e-5; // of the norms

type Rows = number[][];
type Weights = ReadonlyMap<string, Rows>;

/**
 * What the network is, in float64 and plain loops: scores `[characters][alphabet]` of one text. Its weights are those of
 * `network`; nothing else of it is used.
 */
export function referenceScores(
  kind: Kind,
  { blocks, heads, hiddenUnits, k, window }: Architecture,
  network: tf.LayersModel,
  indices: readonly number[],
): Rows {
  const weights = weightsOf(network);
  const [characters, places] = [weights.get('embedding/characters')!, weights.get('embedding/places')!];
  let x = indices.map((index, place) => characters[index].map((value, i) => value + places[place][i]));
  for (let block = 0; block < blocks; block++) {
    const name = `block${block}`;
    const seen = kind === 'window' ? window : Infinity;
    const attended = attention(
      weights,
      `${name}attention`,
      normalized(weights, `${name}attentionnorm`, x),
      heads,
      seen,
    );
    x = sum(x, attended);
    x = sum(x, mlp(weights, `${name}mlp`, normalized(weights, `${name}mlpnorm`, x), kind === 'topk' ? k : hiddenUnits));
  }
  const y = product(normalized(weights, 'norm', x), weights.get('scores/kernel')!);
  return y.map((row) => sum([row], weights.get('scores/bias')!)[0]);
}

function weightsOf(network: tf.LayersModel): Weights {
  return new Map(
    network.weights.map((weight) => {
      const value = weight.read();
      const values = [...value.dataSync()];
      const columns = value.shape.at(-1)!;
      const rows = Array.from({ length: values.length / columns }, (_, i) =>
        values.slice(i * columns, (i + 1) * columns),
      );
      return [weight.originalName, rows];
    }),
  );
}

function normalized(weights: Weights, name: string, x: Rows): Rows {
  const [[gain], [offset]] = [weights.get(`${name}/gain`)!, weights.get(`${name}/offset`)!];
  return x.map((row) => {
    const mean = total(row) / row.length;
    const variance = total(row.map((value) => (value - mean) ** 2)) / row.length;
    return row.map((value, i) => ((value - mean) / Math.sqrt(variance + epsilon)) * gain[i] + offset[i]);
  });
}

/** @param seen of how many characters each sees the last ones */
function attention(weights: Weights, name: string, x: Rows, heads: number, seen: number): Rows {
  const [q, k, v] = ['query', 'key', 'value'].map((part) => product(x, weights.get(`${name}/${part}`)!));
  const width = x[0].length / heads;
  const joined = q.map((_, row) =>
    Array.from({ length: heads }, (_unused, head) => {
      const part = (rows: Rows, i: number) => rows[i].slice(head * width, (head + 1) * width);
      const query = part(q, row);
      const first = Math.max(0, row + 1 - seen);
      const chances = Array.from({ length: row + 1 - first }, (_each, i) =>
        Math.exp(total(part(k, first + i).map((value, j) => value * query[j])) / Math.sqrt(width)),
      );
      const all = total(chances);
      return query.map((_each, j) => total(chances.map((chance, i) => (chance / all) * part(v, first + i)[j])));
    }).flat(),
  );
  return product(joined, weights.get(`${name}/output`)!);
}

function mlp(weights: Weights, name: string, x: Rows, k: number): Rows {
  const [up, [upBias]] = [weights.get(`${name}/up`)!, weights.get(`${name}/upBias`)!];
  const [down, [bias]] = [weights.get(`${name}/down`)!, weights.get(`${name}/bias`)!];
  return x.map((row) => {
    const hidden = up.map((unit, i) => total(unit.map((value, j) => value * row[j])) + upBias[i]);
    const least = [...hidden].sort((a, b) => b - a)[k - 1];
    const kept = hidden.map((value) => (value >= least ? Math.max(value, 0) : 0));
    return sum(product([kept], down), [bias])[0];
  });
}

function product(x: Rows, kernel: Rows): Rows {
  return x.map((row) => kernel[0].map((_, column) => total(row.map((value, i) => value * kernel[i][column]))));
}

function sum(a: Rows, b: Rows): Rows {
  return a.map((row, i) => row.map((value, j) => value + b[i][j]));
}

function total(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
