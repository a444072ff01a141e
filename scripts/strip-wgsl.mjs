import fs from 'node:fs';
import path from 'node:path';
import { filesBelow, root, workspaces } from './workspaces.mjs';

const tag = '/* wgsl */ `';

/**
 * Takes comments and indentation out of the shaders of what was compiled: they are for readers of the source, and
 * minifiers leave strings alone. Lines stay where they are, for the source maps.
 */
export function stripShaders() {
  for (const { directory } of workspaces()) {
    for (const file of filesBelow(path.join(directory, 'dist'), '.js')) {
      const source = fs.readFileSync(path.join(root, file), 'utf8');
      const stripped = stripTemplates(source);
      if (stripped !== source) fs.writeFileSync(path.join(root, file), stripped);
    }
  }
}

/** `source` with every tagged template stripped. A template within an interpolation is stripped when it is tagged itself. */
export function stripTemplates(source) {
  const [start, ...rest] = source.split(tag);
  return [start, ...rest.map(stripStart)].join(tag);
}

/** Strips the text from the start of `source`, which is inside a template, to the template's end. */
function stripStart(source) {
  let text = '';
  let from = 0;
  for (let i = 0; i < source.length; i++) {
    if (source[i] === '`') return text + stripText(source.slice(from, i)) + source.slice(i);
    if (source.startsWith('${', i)) {
      const end = interpolationEnd(source, i + 2);
      text += stripText(source.slice(from, i)) + source.slice(i, end);
      from = end;
      i = end - 1;
    }
  }
  return text + stripText(source.slice(from));
}

/** Position behind the brace that closes an interpolation. */
function interpolationEnd(source, start) {
  let depth = 1;
  for (let i = start; i < source.length; i++) {
    if (source[i] === '{') depth++;
    else if (source[i] === '}' && --depth === 0) return i + 1;
  }
  return source.length;
}

/** A comment with an interpolation in it does not end in `text`, and stays. */
function stripText(text) {
  return text.replaceAll(/\/\/[^\n]*\n/g, '\n').replaceAll(/[ \t]*\n[ \t]*/g, '\n');
}
