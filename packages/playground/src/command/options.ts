import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export const backends = ['cpu', 'wasm', 'webgpu'] as const;
export type Backend = (typeof backends)[number];

export interface Command {
  readonly backend: Backend;
  /** Paths of files of wafer maps. */
  readonly inputs: readonly string[];
  readonly isJson: boolean;
  /** Folder of the pack. */
  readonly pack: string;
  /** 0 for any free one. */
  readonly port: number | null;
}

export const help = `npm start -- [options]

Classifies sample wafer maps with the pretrained pack models/wafer-sscn, prints a table
(class, probability, novelty, ms) and serves a page that shows the same in your browser.

  --input FILE    also classify the 64 x 64 maps of FILE: idx, PNG or CSV, possibly gzipped;
                  may be given several times
  --backend NAME  cpu, wasm (default) or webgpu
  --json          print one JSON object a map and serve nothing; with --input only the maps of the files
  --port NUMBER   port of the page (default: the first free one from 8080 up)
  --pack FOLDER   another pack than models/wafer-sscn
  --help          show this text

A map is new when its novelty, the negative log density of its latent vector among those of
the training data, is above the pack's threshold: it may be of a class that the model never saw.`;

/** @throws RangeError that names the option */
export function readCommandLine(args: readonly string[]): Command | 'help' {
  const { values } = parsed(args);
  if (values.help) return 'help';
  return {
    backend: backendOf(values.backend),
    inputs: values.input,
    isJson: values.json,
    pack: values.pack ?? fileURLToPath(new URL('.', import.meta.resolve('@tfjs-sparse/wafer-sscn/manifest.json'))),
    port: values.port === undefined ? null : portOf(values.port),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        backend: { type: 'string', default: 'wasm' },
        help: { type: 'boolean', default: false },
        input: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        pack: { type: 'string' },
        port: { type: 'string' },
      },
    });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new RangeError(`start: ${problem} (npm start -- --help lists the options)`, { cause: error });
  }
}

function backendOf(name: string): Backend {
  const backend = backends.find((known) => known === name);
  if (!backend) throw new RangeError(`start: --backend must be ${backends.join(', ')}, got ${name}`);
  return backend;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new RangeError(`start: --port must be 0 to 65535, got ${text}`);
  return port;
}
