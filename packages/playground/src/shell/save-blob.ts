import { make } from './element.js';

/** Has the browser save a file. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  make('a', { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}
