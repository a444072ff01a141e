import type { ProductWeight } from '../conversion/converter-plugin.js';

/** Where a weight is not 0. */
export interface WeightPicture {
  readonly path: string;
  readonly shape: readonly number[];
  /** Share of zeros, 0 to 1. */
  readonly sparsity: number;
  /** Share of non-zeros in each cell, rows of outputs, 0 to 1. */
  readonly cells: readonly (readonly number[])[];
}

const mostCells = 64; // along an axis

/** One cell for each weight of a small matrix, for a part of a larger one. */
export function pictureOf(path: string, shape: readonly number[], weight: ProductWeight): WeightPicture {
  const { values, inputs, outputs } = weight;
  const [rows, columns] = [Math.min(outputs, mostCells), Math.min(inputs, mostCells)];
  const [kept, counts] = [new Float64Array(rows * columns), new Float64Array(rows * columns)];
  for (let input = 0; input < inputs; input++) {
    const column = Math.floor((input * columns) / inputs);
    for (let output = 0; output < outputs; output++) {
      const cell = Math.floor((output * rows) / outputs) * columns + column;
      counts[cell]++;
      if (values[input * outputs + output] !== 0) kept[cell]++;
    }
  }
  const zeros = values.reduce((count, value) => count + Number(value === 0), 0);
  const cells = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (__, column) => kept[row * columns + column] / counts[row * columns + column]),
  );
  return { path, shape, sparsity: zeros / values.length, cells };
}

const [side, gap, textHeight, perRow] = [160, 24, 34, 5];

/** An SVG image of weights beside each other: the darker a cell, the more of its weights are not 0. */
export function sparsitySvg(title: string, pictures: readonly WeightPicture[]): string {
  const columns = Math.min(perRow, Math.max(pictures.length, 1));
  const rows = Math.ceil(pictures.length / columns);
  const width = gap + columns * (side + gap);
  const height = 2 * gap + rows * (side + textHeight + gap);
  const tiles = pictures.map((picture, i) => {
    const [x, y] = [gap + (i % columns) * (side + gap), 2 * gap + Math.floor(i / columns) * (side + textHeight + gap)];
    return `<g transform="translate(${x} ${y})">${tile(picture)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11" fill="#222">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${gap}" y="${gap}" font-size="14">${escaped(title)}</text>`,
    ...tiles,
    '</svg>\n',
  ].join('\n');
}

function tile({ path, shape, sparsity, cells }: WeightPicture): string {
  const [rows, columns] = [cells.length, cells[0].length];
  const cell = side / Math.max(rows, columns);
  const name = path.length > 26 ? `…${path.slice(-25)}` : path;
  const marks = cells.flatMap((row, i) =>
    row.flatMap((share, j) => {
      if (share === 0) return [];
      const place = `x="${round(j * cell)}" y="${round(i * cell)}" width="${round(cell)}" height="${round(cell)}"`;
      return [`<rect ${place} fill-opacity="${round(0.15 + 0.85 * share)}"/>`];
    }),
  );
  return [
    `<title>${escaped(path)}</title>`,
    `<rect width="${round(columns * cell)}" height="${round(rows * cell)}" fill="#eef1f5"/>`,
    `<g fill="#1f5fa8">${marks.join('')}</g>`,
    `<text y="${side + 14}">${escaped(name)}</text>`,
    `<text y="${side + 28}" fill="#666">[${shape.join(', ')}] ${(100 * sparsity).toFixed(1)} % zeros</text>`,
  ].join('');
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}

function escaped(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
