import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ConverterPlugin } from '../conversion/converter-plugin.js';

/** Where packages are looked for: from the working directory, then from here. */
const starts = [join(process.cwd(), 'package.json'), fileURLToPath(import.meta.url)];

/** URL of a package's entry; null for none. */
export function locationOf(entry: string): string | null {
  for (const start of starts) {
    try {
      return pathToFileURL(createRequire(start).resolve(entry)).href;
    } catch {
      continue;
    }
  }
  return null;
}

/** A package of tfjs-sparse that is installed. */
export interface InstalledPackage {
  readonly name: string;
  /** Names of the ops of graphs and of the classes of layers that it registers. */
  readonly brings: readonly string[];
  readonly plugin: ConverterPlugin | null;
}

/** What a module of a package may export. */
interface Entry {
  readonly converterPlugin?: ConverterPlugin;
  readonly [name: string]: unknown;
}

/** Installed packages of tfjs-sparse with layers or rules, which are registered by this. */
export async function installedPackages(): Promise<InstalledPackage[]> {
  const packages: InstalledPackage[] = [];
  for (const name of sparsePackages()) {
    const entries: Entry[] = [];
    for (const entry of entriesOf(name, ['./layers', './convert'])) {
      const place = locationOf(entry);
      if (place !== null) entries.push((await import(place)) as Entry);
    }
    const plugin = entries.find(({ converterPlugin }) => converterPlugin)?.converterPlugin ?? null;
    const classes = entries.flatMap((entry) => Object.values(entry)).map((each) => (each as { className?: unknown } | null)?.className); // prettier-ignore
    const names = classes.filter((each) => typeof each === 'string');
    if (entries.length > 0) packages.push({ name, brings: [...names, ...(plugin?.graphOps ?? [])], plugin });
  }
  return packages;
}

export async function installedPlugins(): Promise<ConverterPlugin[]> {
  return (await installedPackages()).flatMap(({ plugin }) => plugin ?? []);
}

function sparsePackages(): string[] {
  const names = starts
    .flatMap((start) => ancestors(dirname(start)))
    .flatMap((folder) => {
      try {
        return readdirSync(join(folder, 'node_modules', '@tfjs-sparse'));
      } catch {
        return [];
      }
    });
  return [...new Set(names)].sort().map((name) => `@tfjs-sparse/${name}`);
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

/** Those of the wanted entries that a package has. */
function entriesOf(name: string, wanted: readonly string[]): string[] {
  const folders = starts.flatMap((start) => ancestors(dirname(start)));
  for (const folder of folders) {
    try {
      const manifest = readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8');
      const { exports = {} } = JSON.parse(manifest) as { exports?: object };
      return wanted.filter((entry) => entry in exports).map((entry) => `${name}/${entry.slice('./'.length)}`);
    } catch {
      continue;
    }
  }
  return [];
}
