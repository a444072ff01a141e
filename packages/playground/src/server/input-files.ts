import type { InputFile, OptionValues } from '../demo.js';
import type { Served } from './served-files.js';

/** A file that the command line was given. */
export interface DemoInput {
  /** The demo that reads it. */
  readonly demo: string;
  readonly file: InputFile;
  readonly options: OptionValues;
}

/** What /inputs.json holds; `path` leads to the contents. */
export type InputList = readonly {
  readonly demo: string;
  readonly name: string;
  readonly path: string;
  readonly options: OptionValues;
}[];

/** The list of the files and the contents of each, by their paths. */
export function inputFiles(inputs: readonly DemoInput[]): Map<string, Served> {
  const list: InputList = inputs.map(({ demo, file, options }, i) => ({
    demo,
    name: file.name,
    path: `inputs/${i}`,
    options,
  }));
  const files = new Map<string, Served>([
    ['/inputs.json', { type: 'application/json', contents: Buffer.from(JSON.stringify(list)) }],
  ]);
  list.forEach(({ path }, i) => {
    files.set(`/${path}`, { type: 'application/octet-stream', contents: inputs[i].file.contents });
  });
  return files;
}
