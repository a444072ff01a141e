import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Demo, DemoCommand, Item } from '../demo.js';

export const workspace = fileURLToPath(new URL('../../..', import.meta.url));

/** A demo with the parts that run in Node. */
export interface FoundDemo {
  /** Of its folder. */
  readonly name: string;
  readonly demo: Demo<Item, unknown>;
  readonly command: DemoCommand<Item, unknown>;
}

/** Every folder of demos/, in the order in which they are shown. */
export async function findDemos(): Promise<FoundDemo[]> {
  const entries = readdirSync(join(workspace, 'demos'), { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const found = await Promise.all(
    names.map(async (name) => {
      const { demo } = (await import(compiled(name, 'demo'))) as Pick<FoundDemo, 'demo'>;
      const { command } = (await import(compiled(name, 'command'))) as Pick<FoundDemo, 'command'>;
      return { name, demo, command };
    }),
  );
  return found.sort((a, b) => a.demo.order - b.demo.order);
}

function compiled(name: string, part: string): string {
  return pathToFileURL(join(workspace, 'dist/demos', name, `${part}.js`)).href;
}

/** Where the build writes the pages. */
export const pagesFolder = join(workspace, 'build/pages');
