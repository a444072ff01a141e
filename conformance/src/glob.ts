/** Matches ids with `*` for any text; a pattern without `*` must be the whole id. */
export function matchesGlob(id: string, pattern: string): boolean {
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`).test(id);
}
