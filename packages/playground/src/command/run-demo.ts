import type { Pack } from '@tfjs-sparse/packs';
import { warmUp, type Demo, type Item, type Network } from '../demo.js';
import { openPack } from '../open-pack.js';
import { plainMessage } from '../plain-message.js';
import type { FoundDemo } from '../site/find-demos.js';
import type { ReplacedPack } from './pack-folders.js';
import { writeResults } from './write-results.js';

export interface RunOptions {
  readonly backend: string;
  readonly isJson: boolean;
  /** Folder for the results as files; null for none. */
  readonly output: string | null;
  /** Of the files that results must not take the place of. */
  readonly inputPaths: readonly string[];
  /** By the packs' names. */
  readonly packFolders: Readonly<Record<string, string>>;
  readonly replacedPacks: readonly ReplacedPack[];
}

/**
 * Runs items, at least one, on the backend that is active; prints a row each.
 *
 * @returns a line for every item that cannot be run and every file that cannot be written, which are printed too
 */
export async function runDemo(
  { demo, command }: FoundDemo,
  items: readonly Item[],
  options: RunOptions,
): Promise<string[]> {
  const packs: Pack[] = [];
  for (const name of demo.packs) packs.push(await openPack(name, options.packFolders[name]));
  const network = await openNetwork(demo, packs, options.replacedPacks);
  await ignoringFailure(network.run(items[0])); // the first run of a kernel is that of a compiler in a hurry
  await ignoringFailure(warmUp(network, items, demo.warmUpMs));
  const table = options.isJson ? null : command.table(items, options.backend);
  const problems: string[] = [];
  const ran: { item: Item; result: unknown }[] = [];
  for (const item of items) {
    try {
      const result = await network.run(item);
      if (table && ran.length === 0) console.log(table.header());
      ran.push({ item, result: options.output === null ? null : result });
      console.log(table ? table.row(item, result) : command.jsonRow(item, result));
    } catch (error) {
      tell(`${item.source?.file ?? item.name}: ${plainMessage(error)}`);
    }
  }
  for (const pack of packs) pack.dispose();
  const footer = ran.length > 0 ? table?.footer() : null;
  if (footer) console.log(footer);
  if (options.output === null) return problems;
  const files = command.files(
    ran.map(({ item }) => item),
    ran.map(({ result }) => result),
  );
  await writeResults(files, options.output, options.inputPaths, {
    wrote: (path) => options.isJson || console.log(`wrote ${path}`),
    failed: tell,
  });
  return problems;

  function tell(problem: string): void {
    problems.push(problem);
    console.error(problem);
  }
}

/** @throws RangeError that names the option where another pack is given that the demo cannot use */
async function openNetwork(
  demo: Demo<Item, unknown>,
  packs: readonly Pack[],
  allReplaced: readonly ReplacedPack[],
): Promise<Network<Item, unknown>> {
  const replaced = allReplaced.filter(({ pack }) => demo.packs.includes(pack));
  if (replaced.length === 0) return demo.open(packs);
  try {
    const network = demo.open(packs);
    await network.run(demo.samples(0)[0]);
    return network;
  } catch (error) {
    const names = replaced.map(({ pack }) => packs[demo.packs.indexOf(pack)].manifest.name);
    const options = replaced.map(({ option }) => `--${option}`).join(' and ');
    const rule = `${options} must be a pack of the kind of ${replaced.map(({ pack }) => pack).join(' and ')}`;
    throw new RangeError(`start: ${rule}, got ${names.join(' and ')}`, { cause: error });
  }
}

/** What fails before the times count fails again when it counts, and is told then. */
async function ignoringFailure(run: Promise<unknown>): Promise<void> {
  await run.catch(() => {});
}
