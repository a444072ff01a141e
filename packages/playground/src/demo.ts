import type { Pack } from '@tfjs-sparse/packs';

/** What a network takes, under the name that the user sees. */
export interface Item {
  readonly name: string;
  /** Where it comes from, unless it is a sample. */
  readonly source?: ItemSource;
}

export interface ItemSource {
  /** Name of the file. */
  readonly file: string;
  /** Its place in the file, from 0. */
  readonly index: number;
}

/** What --output writes. */
export interface ResultFile {
  /** Without folders. */
  readonly name: string;
  readonly contents: Uint8Array | string;
}

export interface InputFile {
  readonly name: string;
  readonly contents: Uint8Array<ArrayBuffer>;
}

/** Whether a file is for a demo: its name or its beginning says so, it may be, or it is not. */
export type Fit = 'surely' | 'perhaps' | 'no';

/** Where a file is read: what is said of it names controls of the page or options of the command line. */
export type Place = 'page' | 'command line';

/** The values of a demo's own options on the command line, by the option's name. */
export type OptionValues = Readonly<Record<string, readonly string[] | undefined>>;

/**
 * A demo is a folder of demos/: demo.ts exports this as `demo`, page.ts a `page`, command.ts a `command`; style.css may be
 * there. This part runs without a page, in the demo's worker and on the command line alike.
 */
export interface Demo<I extends Item, Result> {
  /** Its place in the navigation and on the command line; the first demo is the start page. */
  readonly order: number;
  readonly about: DemoText;
  /** Folders of packs below /packs/, e.g. `name` of a workspace models/name or `name/inner`. */
  readonly packs: readonly string[];
  /** How long items run before the times of a run count; 0 where one run is long enough to be its own warm-up. */
  readonly warmUpMs: number;
  fit(file: InputFile): Promise<Fit>;
  /**
   * @param place whose words messages and hints have; default the page's
   * @throws RangeError that says what is wrong with the file
   */
  read(file: InputFile, options: OptionValues, place?: Place): Promise<I[]>;
  /** Items that need no file; the page and the table begin with set 0, and the same set has the same items. */
  samples(set: number): I[];
  /** @param packs those of `packs`, in their order, loaded on the active backend */
  open(packs: readonly Pack[]): Network<I, Result>;
}

export interface Network<I extends Item, Result> {
  /** @param report gets how far it is, where a run takes long; `share` of what is to be done, 0 to 1 */
  run(item: I, report?: (text: string, share: number) => void): Promise<Result>;
}

/** What the build writes into the demo's page. */
export interface DemoText {
  /** In the navigation and the window's title. */
  readonly title: string;
  readonly headline: string;
  /** HTML of one paragraph. */
  readonly introduction: string;
  readonly samplesButton: string;
  readonly openButton: string;
  /** Which files can be opened, after "or drop a file: ". */
  readonly filesHint: string;
  /** The `accept` of the file dialog. */
  readonly accept: string;
}

/** How a demo looks; runs in the page, which is free while the worker computes. */
export interface DemoPage<I extends Item, Result> {
  createView(host: ViewHost<I>): DemoView<I, Result>;
}

export interface ViewHost<I extends Item> {
  /** Has the worker run an item that the user picked; `show` gets the result. */
  run(item: I): void;
  /** Shows the view's summary again, as it has changed without a run. */
  showSummary(): void;
  /** Has open files read again, as `readOptions` has changed: those whose names are meant. `replace` gets what they have. */
  readAgain(isMeant: (fileName: string) => boolean): void;
}

export interface DemoView<I extends Item, Result> {
  readonly element: HTMLElement;
  /** Stand beside the shell's own controls. */
  readonly controls: readonly HTMLElement[];
  /** How files that are opened are to be read, as options of the command line; default as their contents say. */
  readOptions?(): OptionValues;
  /** Whether a file goes before the others that are opened with it; default no file does. */
  comesFirst?(fileName: string): boolean;
  /**
   * Takes files that are opened together as they are, unread, and returns what the worker shall run; default the worker reads
   * each of them.
   *
   * @throws RangeError that says why it takes none
   */
  takeFiles?(files: readonly File[]): readonly I[];
  /** Shows items, and returns those that the worker shall run. */
  add(items: readonly I[]): readonly I[];
  /**
   * Takes what a file has that was read again, in place of what it had before, and returns what the worker shall run; views
   * that call `readAgain` have it.
   */
  replace?(before: readonly I[], items: readonly I[]): readonly I[];
  /** Forgets all results, as the backend changes, and returns the items to run again. */
  clear(): readonly I[];
  show(item: I, result: Result): void;
  /** One line about what has run. */
  summary(backend: string): string;
}

/** The demo's part of the command line. */
export interface DemoCommand<I extends Item, Result> {
  /** What npm start does with the demo, a sentence or two of --help. */
  readonly summary: string;
  /** The demo's own options. */
  readonly options: Readonly<Record<string, DemoOption>>;
  /** A paragraph at the end of --help. */
  readonly note?: string;
  /** Checks the values and gives the items that they ask for. @throws RangeError that names the option */
  asked(values: OptionValues): I[];
  table(items: readonly I[], backend: string): RowTable<I, Result>;
  jsonRow(item: I, result: Result): string;
  /** The results as files, of one run. */
  files(items: readonly I[], results: readonly Result[]): ResultFile[];
}

export interface DemoOption {
  readonly placeholder: string;
  readonly help: string;
  /** The pack, of the demo's `packs`, in whose place the folder given as value is opened. */
  readonly replacesPack?: string;
}

/** Lines of text, aligned. */
export interface RowTable<I extends Item, Result> {
  header(): string;
  row(item: I, result: Result): string;
  /** After the last row; null for nothing. */
  footer(): string | null;
}

/** Runs items over and over until `milliseconds` are over, so that later times are those of compiled kernels. */
export async function warmUp<I extends Item>(
  network: Network<I, unknown>,
  items: readonly I[],
  milliseconds: number,
): Promise<void> {
  const end = performance.now() + milliseconds;
  for (let i = 0; performance.now() < end; i++) await network.run(items[i % items.length]);
}
