import type { BenchRow } from './bench.js';
export async function* runInBrowser(browser: string, name: string, glob: string, data: string): AsyncGenerator<BenchRow> {
  throw new Error(`bench: ${browser} ${name} ${glob} ${data}`);
}
