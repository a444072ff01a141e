import { parseArgs } from 'node:util';

/** A command of the command line. */
export interface Command {
  /** For the list of commands. */
  readonly summary: string;
  readonly help: string;
  /** @throws UsageError for wrong options, FormatError for files that cannot be read */
  run(args: readonly string[]): Promise<void>;
}

/** Options that a command does not take, or values that they do not. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

type Parsed<T extends Options> = ReturnType<typeof parseArgs<{ options: T; allowPositionals: true }>>;

/** @throws UsageError for options that are not there, and for other than `files` positional arguments */
export function parsed<T extends Options>(args: readonly string[], options: T, files: readonly string[]): Parsed<T> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (positionals.length === files.length) return { values, positionals };
    const got = positionals.length === 0 ? 'none' : positionals.join(' ');
    throw new UsageError(`tfjs-sparse: there must be ${files.join(' ')}, got ${got}`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const [, unknown] = /^Unknown option '([^']*)'/.exec(message) ?? [];
    throw new UsageError(`tfjs-sparse: ${unknown ? `options must be those of the command, got ${unknown}` : message}`, { cause: error }); // prettier-ignore
  }
}
