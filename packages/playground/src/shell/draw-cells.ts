/** 0 to 255 each. */
export type Colour = readonly [red: number, green: number, blue: number, alpha: number];

/** A picture of one pixel a cell, row by row; null is transparent. */
export function drawCells(rows: number, columns: number, colourOf: (cell: number) => Colour | null): HTMLCanvasElement {
  const canvas = Object.assign(document.createElement('canvas'), { width: columns, height: rows });
  const image = new ImageData(columns, rows);
  for (let cell = 0; cell < rows * columns; cell++) image.data.set(colourOf(cell) ?? [0, 0, 0, 0], cell * 4);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
}
