import fs from 'node:fs';
import path from 'node:path';

/** False for a file that names a map that is not there, and for a map without the text of one of its sources. */
export function leadsSomewhere(file) {
  if (!/\.(js|ts|map)$/.test(file)) return true;
  const text = fs.readFileSync(file, 'utf8');
  if (!file.endsWith('.map')) {
    const map = /\/\/# sourceMappingURL=(.*)\s*$/.exec(text)?.[1];
    return map === undefined || fs.existsSync(path.join(path.dirname(file), map));
  }
  const { sources, sourcesContent = [] } = JSON.parse(text);
  return sources.every((_, i) => typeof sourcesContent[i] === 'string');
}
