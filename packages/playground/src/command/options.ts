import { parseArgs } from 'node:util';
import type { OptionValues } from '../demo.js';
import type { FoundDemo } from '../site/find-demos.js';
import { wholeNumber } from './whole-number.js';

export const backends = ['cpu', 'wasm', 'webgpu'] as const;
export type Backend = (typeof backends)[number];

export interface Command {
  readonly backend: Backend;
  /** Paths of files for whichever demo reads them. */
  readonly inputs: readonly string[];
  readonly isJson: boolean;
  /** Folder for the results as files; null for none. */
  readonly output: string | null;
  /** 0 for any free one. */
  readonly port: number | null;
  /** Address that the pages are served on. */
  readonly host: string | undefined;
  /** Names of the demos to run; empty for all. */
  readonly demos: readonly string[];
  /** Values of the demos' own options. */
  readonly values: OptionValues;
}

/** @throws RangeError that names the option */
export function readCommandLine(args: readonly string[], demos: readonly FoundDemo[]): Command | 'help' {
  const { values } = parsed(args, demos);
  if (values.help) return 'help';
  const ofDemos: Readonly<Record<string, unknown>> = values;
  return {
    backend: oneOf('--backend', backends, values.backend),
    inputs: values.input,
    isJson: values.json,
    output: values.output === undefined ? null : filled('--output', values.output),
    port: values.port === undefined ? null : wholeNumber('--port', values.port, 0, 65535),
    host: values.host === undefined ? undefined : filled('--host', values.host),
    demos: chosenDemos(values.demo, demos, ofDemos),
    values: Object.fromEntries(optionNames(demos).map((name) => [name, ofDemos[name] as string[] | undefined])),
  };
}

/** @throws RangeError for an unknown demo, and for an option of a demo that is not among the chosen */
function chosenDemos(
  names: readonly string[],
  demos: readonly FoundDemo[],
  given: Readonly<Record<string, unknown>>,
): string[] {
  const known = demos.map((found) => found.name);
  const chosen = names.map((name) => oneOf('--demo', known, name));
  const isOpen = ({ name }: FoundDemo): boolean => chosen.length === 0 || chosen.includes(name);
  const open = optionNames(demos.filter(isOpen));
  const unused = optionNames(demos).find((name) => given[name] !== undefined && !open.includes(name));
  if (unused === undefined) return chosen;
  const owner = demos.find((found) => optionNames([found]).includes(unused))!;
  throw new RangeError(`start: --${unused} must come with --demo ${owner.name}, got --demo ${chosen.join(', ')}`);
}

function parsed(args: readonly string[], demos: readonly FoundDemo[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(optionNames(demos).map((name) => [name, { type: 'string', multiple: true } as const])),
        backend: { type: 'string', default: 'wasm' },
        demo: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
        host: { type: 'string' },
        input: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        output: { type: 'string' },
        port: { type: 'string' },
      },
    });
  } catch (error) {
    const problem = (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' ');
    throw new RangeError(`start: ${problem} (npm start -- --help lists the options)`, { cause: error });
  }
}

function optionNames(demos: readonly FoundDemo[]): string[] {
  return demos.flatMap(({ command }) => Object.keys(command.options));
}

function filled(option: string, value: string): string {
  if (value === '') throw new RangeError(`start: ${option} must have a value, got nothing`);
  return value;
}

function oneOf<T extends string>(option: string, known: readonly T[], name: string): T {
  const found = known.find((candidate) => candidate === name);
  if (!found) throw new RangeError(`start: ${option} must be ${known.join(', ')}, got ${name || 'nothing'}`);
  return found;
}
