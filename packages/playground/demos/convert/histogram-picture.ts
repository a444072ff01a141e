import type { Histogram } from './tasks.js';

const [width, height] = [480, 140];

/** Bars of how often values other than 0 are in parts of their range; their heights grow with the root of the count. */
export function histogramPicture({ counts, low, high }: Histogram): SVGSVGElement {
  const svg = make('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img' });
  const largest = Math.max(...counts, 1);
  const barWidth = width / Math.max(counts.length, 1);
  counts.forEach((count, i) => {
    const barHeight = Math.sqrt(count / largest) * height;
    const place = { x: i * barWidth, y: height - barHeight, width: Math.max(barWidth - 1, 1), height: barHeight };
    svg.append(make('rect', { ...place, class: 'bar' }));
  });
  if (low < 0 && high > 0) {
    const zero = (-low / (high - low)) * width;
    svg.append(make('line', { x1: zero, x2: zero, y1: 0, y2: height, class: 'zero' }));
  }
  svg.setAttribute('aria-label', `Histogram of values from ${numberText(low)} to ${numberText(high)}`);
  return svg;
}

export function numberText(value: number): string {
  return value === 0 ? '0' : String(Number(value.toPrecision(3)));
}

function make<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
