import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pack } from '@tfjs-sparse/packs';
import { warmUp, type Item } from '../demo.js';
import { openPack } from '../open-pack.js';
import type { FoundDemo } from '../site/find-demos.js';

export interface RunOptions {
  readonly backend: string;
  readonly isJson: boolean;
  /** Folder for the results as files; null for none. */
  readonly output: string | null;
  /** By the packs' names. */
  readonly packFolders: Readonly<Record<string, string>>;
}

/** Runs items, at least one, on the backend that is active; prints a row each. */
export async function runDemo(
  { demo, command }: FoundDemo,
  items: readonly Item[],
  options: RunOptions,
): Promise<void> {
  const packs: Pack[] = [];
  for (const name of demo.packs) packs.push(await openPack(name, options.packFolders[name]));
  const network = demo.open(packs);
  await network.run(items[0]); // the first run of a kernel is that of a compiler in a hurry
  await warmUp(network, items, demo.warmUpMs);
  const table = options.isJson ? null : command.table(items, options.backend);
  if (table) console.log(table.header());
  const results: unknown[] = [];
  for (const item of items) {
    const result = await network.run(item);
    if (options.output !== null) results.push(result);
    console.log(table ? table.row(item, result) : command.jsonRow(item, result));
  }
  for (const pack of packs) pack.dispose();
  const footer = table?.footer();
  if (footer) console.log(footer);
  if (options.output === null) return;
  await mkdir(options.output, { recursive: true });
  for (const { name, contents } of command.files(items, results)) {
    const path = join(options.output, name);
    await writeFile(path, contents);
    if (!options.isJson) console.log(`wrote ${path}`);
  }
}
