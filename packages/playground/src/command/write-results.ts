import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ResultFile } from '../demo.js';
import { systemReason } from './system-reason.js';

/** Gets the path of each file that is written, and a line for each that is not. */
export interface WriteReport {
  wrote(path: string): void;
  failed(problem: string): void;
}

/** Writes files into a folder, never over one of the inputs. */
export async function writeResults(
  files: readonly ResultFile[],
  folder: string,
  inputPaths: readonly string[],
  report: WriteReport,
): Promise<void> {
  const inputs = inputPaths.map((path) => resolve(path));
  for (const { name, contents } of files) {
    const path = join(folder, name);
    try {
      if (inputs.includes(resolve(path))) throw new Error('an input, which stays as it is');
      await writeFile(path, contents);
      report.wrote(path);
    } catch (error) {
      report.failed(`start: --output must be a folder that takes ${name}, got ${path} (${systemReason(error)})`);
    }
  }
}
