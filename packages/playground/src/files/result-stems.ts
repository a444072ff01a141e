const refused = /[<>:"/\\|?*\p{Cc}]+/gu; // by the file systems of Windows; others refuse less
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i; // names that Windows keeps for itself
const mostBytes = 200; // of 255, which leaves room for an ending and a number

/**
 * A name without ending for the results of each file, no two alike, also where case does not count: the file's own without
 * its ending; with it where only that tells two files apart; with a number behind it where nothing does.
 */
export function resultStems(names: readonly string[], withoutEnding: (name: string) => string): string[] {
  const short = names.map((name) => writable(withoutEnding(name)));
  const whole = names.map(writable);
  const keys = short.map(keyOf);
  const isShared = (i: number) => keys.some((key, j) => key === keys[i] && keyOf(whole[j]) !== keyOf(whole[i]));
  const taken = new Set<string>();
  return names.map((_, i) => {
    const stem = isShared(i) ? whole[i] : short[i];
    let free = stem;
    for (let number = 2; taken.has(keyOf(free)); number++) free = `${stem}-${number}`;
    taken.add(keyOf(free));
    return free;
  });
}

function writable(name: string): string {
  const kept = name
    .replaceAll(refused, '-')
    .replace(/[. ]+$/, '')
    .replace(devices, '$1-');
  return shortened(kept) || '-';
}

function shortened(name: string): string {
  const characters = [...name];
  while (new TextEncoder().encode(characters.join('')).length > mostBytes) characters.pop();
  return characters.join('');
}

function keyOf(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
