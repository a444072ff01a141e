import fs from 'node:fs';
import path from 'node:path';
import { filesBelow, root, workspaces } from './workspaces.mjs';

/**
 * Removes from every dist/ what was compiled of sources that are gone, and maps of declarations, which would lead to
 * sources that no package holds: tsc leaves what an older build wrote, and npm would publish it.
 */
export function removeStale() {
  for (const { directory } of workspaces()) {
    for (const map of filesBelow(path.join(directory, 'dist'), '.d.ts.map')) fs.rmSync(path.join(root, map));
    for (const map of filesBelow(path.join(directory, 'dist'), '.js.map').filter((file) => isOrphan(file))) {
      const compiled = map.slice(0, -'.js.map'.length);
      for (const ending of ['.js', '.js.map', '.d.ts']) fs.rmSync(path.join(root, compiled + ending), { force: true });
    }
  }
}

/** @param file a source map, relative to `folder` */
export function isOrphan(file, folder = root) {
  const map = path.join(folder, file);
  const { sources } = JSON.parse(fs.readFileSync(map, 'utf8'));
  return !sources.some((source) => fs.existsSync(path.resolve(path.dirname(map), source)));
}
