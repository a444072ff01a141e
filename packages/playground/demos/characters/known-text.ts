/** Signs of today's keyboards and books, as the alphabet has them. */
const plainSigns: Readonly<Record<string, string>> = {
  '\t': ' ',
  '\u00a0': ' ',
  '‘': "'",
  '’': "'",
  '–': '-',
  '—': '-',
  '…': '.',
};

export interface KnownText {
  readonly text: string;
  /** Characters that are not in the alphabet, each once; `text` has a space in their place. */
  readonly unknown: readonly string[];
}

/** A text in characters of the alphabet alone. */
export function knownText(text: string, alphabet: string): KnownText {
  const unknown = new Set<string>();
  const characters = [...text.replace(/\r\n?/g, '\n')].map((character) => {
    const plain = alphabet.includes(character) ? character : (plainSigns[character] ?? character);
    if (alphabet.includes(plain)) return plain;
    unknown.add(character);
    return ' ';
  });
  return { text: characters.join(''), unknown: [...unknown] };
}
