import { unknownHint } from './known-text.js';
import type { Reading } from './tasks.js';

/** What is to be said of how a text was read: what was left out, and what became spaces; empty for nothing. */
export function hintOf(reading: Pick<Reading, 'text' | 'unknown' | 'unknownCount' | 'omittedCount'>): string {
  return [omittedHint(reading), unknownHint(reading)].filter((sentence) => sentence !== '').join(' ');
}

function omittedHint({ text, omittedCount }: Pick<Reading, 'text' | 'omittedCount'>): string {
  if (omittedCount === 0) return '';
  const [read, all] = [text.length, text.length + omittedCount].map((count) => count.toLocaleString('en'));
  return `Read the first ${read} of ${all} characters.`;
}
