import type { Colour } from '../../src/shell/draw-cells.js';
import { blockSize, type BlockPlace, type Settings } from './settings.js';
import type { Tally } from './tally-mask.js';

// The same on light and dark cards.
const seen: Colour = [52, 128, 214, 255];
const edgeColour = '#e8862a';
const leastAlpha = 130; // a cell with a single pair is still seen

/** Draws the cells of a mask, the edges of its window and, where it is not null, the block that keys have moved to. */
export function drawMask(canvas: HTMLCanvasElement, settings: Settings, tally: Tally, cursor: BlockPlace | null): void {
  const { cells, cellSize, counts } = tally;
  if (canvas.width !== cells) canvas.width = canvas.height = cells;
  const pixels = canvas.clientWidth * devicePixelRatio;
  canvas.style.imageRendering = cells > pixels ? 'auto' : 'pixelated'; // thin lines are paler then, and none is left out
  const image = new ImageData(cells, cells);
  const [red, green, blue, most] = seen;
  counts.forEach((count, cell) => {
    if (count === 0) return;
    const alpha = leastAlpha + (most - leastAlpha) * (count / cellSize ** 2);
    image.data.set([red, green, blue, alpha], 4 * cell);
  });
  const context = canvas.getContext('2d')!;
  context.putImageData(image, 0, 0);
  context.strokeStyle = edgeColour;
  context.lineWidth = cells / 250;
  const { left, right, causal } = settings;
  for (const offset of causal ? [-left] : [-left, right + 1]) {
    const start = offset / cellSize;
    context.beginPath();
    context.moveTo(start, 0);
    context.lineTo(start + cells, cells);
    context.stroke();
  }
  if (cursor === null) return;
  const side = blockSize / cellSize;
  context.strokeRect(cursor[1] * side, cursor[0] * side, side, side);
}
