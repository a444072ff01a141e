import type { DrawnPattern } from './mask-pattern.js';

/** The calls that make the mask; of lists of blocks only the name. */
export function codeText(pattern: DrawnPattern): string {
  return `const mask = ${call(pattern, '')};\nconst y = blockSparseAttention(q, k, v, mask);`;
}

function call(pattern: DrawnPattern, indent: string): string {
  const inner = `${indent}  `;
  switch (pattern.kind) {
    case 'maskUnion': {
      const masks = pattern.masks.map((mask) => `${inner}${call(mask, inner)},\n`);
      return `maskUnion(\n${masks.join('')}${indent})`;
    }
    case 'causalMask':
      return `causalMask(${call(pattern.mask, indent)})`;
    case 'blockLists':
      return `blockLists({ blockSize: ${pattern.blockSize}, lists })`;
    default: {
      const { kind, ...options } = pattern;
      return `${kind}({ ${Object.entries(options).map(option).join(', ')} })`;
    }
  }
}

function option([name, value]: [string, unknown]): string {
  return `${name}: ${JSON.stringify(value).replaceAll(',', ', ')}`;
}
