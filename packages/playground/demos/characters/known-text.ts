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
  /** How many characters of the text are not in the alphabet. */
  readonly unknownCount: number;
}

/** A text in characters of the alphabet alone. */
export function knownText(text: string, alphabet: string): KnownText {
  const unknown = new Set<string>();
  let unknownCount = 0;
  const characters = [...text.replace(/\r\n?/g, '\n')].map((character) => {
    const plain = alphabet.includes(character) ? character : (plainSigns[character] ?? character);
    if (alphabet.includes(plain)) return plain;
    unknown.add(character);
    unknownCount++;
    return ' ';
  });
  return { text: characters.join(''), unknown: [...unknown], unknownCount };
}

/** What is to be said of characters that became spaces; empty where all are known. */
export function unknownHint({ text, unknown, unknownCount }: KnownText): string {
  if (unknownCount === 0) return '';
  const isMost = unknownCount > text.length / 2;
  const shown = unknown.slice(0, mostShown).join(' ');
  const more = unknown.length > mostShown ? ` and ${unknown.length - mostShown} more` : '';
  const of = `${unknownCount.toLocaleString('en')} of ${text.length.toLocaleString('en')} characters`;
  return `The network knows 65 characters; ${of} are others and became spaces${isMost ? ', so that little of the text is left' : ''}: ${shown}${more}`;
}

const mostShown = 12;
