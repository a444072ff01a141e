import type { OptionValues } from '../demo.js';
import { openEach } from './open-each.js';

/** A file that can be read more than once. */
export interface SourceFile {
  readonly name: string;
  readonly contents: () => Promise<Uint8Array<ArrayBuffer>>;
  /** How it is to be read where the page does not say otherwise. */
  readonly options: OptionValues;
}

type Read<I> = (name: string, contents: Uint8Array<ArrayBuffer>, options: OptionValues) => Promise<readonly I[]>;

/** The files that are open on a page, to be read again when it is said how. */
export class OpenedFiles<I> {
  readonly #opened: { readonly file: SourceFile; items: readonly I[] }[] = [];

  constructor(private readonly read: Read<I>) {}

  /** @param options of the page */
  async open(file: SourceFile, options: OptionValues): Promise<readonly I[]> {
    const items = await this.#items(file, options);
    this.#opened.push({ file, items });
    return items;
  }

  /**
   * Reads files again; one that fails keeps its items.
   *
   * @param options of the page
   * @param take    gets the items of a file, before and now
   * @param tell    gets a line for each that fails, with its name
   */
  readAgain(
    isMeant: (fileName: string) => boolean,
    options: OptionValues,
    take: (before: readonly I[], items: readonly I[]) => Promise<void>,
    tell: (problem: string) => void,
  ): Promise<void> {
    const meant = this.#opened
      .filter(({ file }) => isMeant(file.name))
      .map((opened) => ({ name: opened.file.name, opened }));
    const again = async ({ opened }: (typeof meant)[number]) => {
      const before = opened.items;
      opened.items = await this.#items(opened.file, options);
      await take(before, opened.items);
    };
    return openEach(meant, again, tell);
  }

  async #items(file: SourceFile, options: OptionValues): Promise<readonly I[]> {
    return this.read(file.name, await file.contents(), { ...file.options, ...options });
  }
}
