import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OptionValues } from '../demo.js';
import type { FoundDemo } from '../site/find-demos.js';

/** Folders of all packs of the demos, by the packs' names; an option of a demo may put another in a pack's place. */
export function packFolders(demos: readonly FoundDemo[], values: OptionValues): Record<string, string> {
  const folders = demos.flatMap(({ demo }) => demo.packs.map((name) => [name, folderOf(name)]));
  const replaced = replacedPacks(demos, values).map(({ pack, folder }) => [pack, folder]);
  return Object.fromEntries([...folders, ...replaced]);
}

/** A pack of a demo in whose place another is opened. */
export interface ReplacedPack {
  readonly pack: string;
  /** Its name on the command line, without dashes. */
  readonly option: string;
  readonly folder: string;
}

export function replacedPacks(demos: readonly FoundDemo[], values: OptionValues): ReplacedPack[] {
  return demos.flatMap(({ command }) =>
    Object.entries(command.options).flatMap(([option, { replacesPack: pack }]) => {
      const folder = values[option]?.at(-1);
      return pack && folder ? [{ pack, option, folder }] : [];
    }),
  );
}

/** `name` or `name/inner`: the workspace models/name has the pack, or a folder of it. */
function folderOf(pack: string): string {
  const [name, ...inner] = pack.split('/');
  const manifest = import.meta.resolve(`@tfjs-sparse/${name}/manifest.json`);
  return join(fileURLToPath(new URL('.', manifest)), ...inner);
}
