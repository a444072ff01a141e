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

/** What installed packages of tfjs-sparse give to the converter; their ops and layers are registered too. */
export async function installedPlugins(): Promise<ConverterPlugin[]> {
  const plugins: ConverterPlugin[] = [];
  for (const name of sparsePackages()) {
    for (const entry of entriesOf(name, ['./layers', './convert'])) {
      const place = locationOf(entry);
      const { converterPlugin } =
        place === null ? {} : ((await import(place)) as { converterPlugin?: ConverterPlugin });
      if (converterPlugin) plugins.push(converterPlugin);
    }
  }
  return plugins;
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
