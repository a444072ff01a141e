import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export const backends = ['cpu', 'wasm', 'webgpu'] as const;
export type Backend = (typeof backends)[number];

export interface Command {
  readonly backend: Backend;
  /** Paths of files of wafer maps and of LiDAR scans. */
  readonly inputs: readonly string[];
  /** Numbers per point in .bin files; by default the file's name says it. */
  readonly columns?: number;
  /** Seeds of simulated scans. */
  readonly scans: readonly number[];
  readonly isJson: boolean;
  /** Folder of the pack for wafer maps. */
  readonly pack: string;
  /** Folder of the pack for LiDAR scans. */
  readonly lidarPack: string;
  /** 0 for any free one. */
  readonly port: number | null;
}

export const help = `npm start -- [options]

Classifies sample wafer maps with the pretrained pack models/wafer-sscn and prints a table
(class, probability, novelty, ms); segments a simulated LiDAR scan with the pack
models/lidar-minkunet and prints its speed and the shares of the classes; then serves pages
that show the same in your browser.

  --input FILE    also classify the 64 x 64 maps of FILE (idx, PNG or CSV, possibly gzipped),
                  or segment the scan in it: KITTI or nuScenes .bin, .pcd, .ply, .npz or .npy;
                  may be given several times
  --columns N     numbers per point in .bin scans (default: 5 for .pcd.bin, 3 for xyz.bin, else 4)
  --scan SEED     segment the simulated scan of this seed; may be given several times
  --backend NAME  cpu, wasm (default) or webgpu
  --json          print one JSON object a map or scan and serve nothing; with --input or --scan
                  only those, else the sample maps
  --port NUMBER   port of the page (default: the first free one from 8080 up)
  --pack FOLDER   another pack for maps than models/wafer-sscn
  --lidar-pack FOLDER  another pack for scans than models/lidar-minkunet
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
    columns: values.columns === undefined ? undefined : wholeNumber('--columns', values.columns, 3, 16),
    scans: values.scan.map((seed) => wholeNumber('--scan', seed, 0, 2 ** 31 - 1)),
    isJson: values.json,
    pack: values.pack ?? packOf('wafer-sscn'),
    lidarPack: values['lidar-pack'] ?? packOf('lidar-minkunet'),
    port: values.port === undefined ? null : wholeNumber('--port', values.port, 0, 65535),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        backend: { type: 'string', default: 'wasm' },
        columns: { type: 'string' },
        help: { type: 'boolean', default: false },
        input: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        'lidar-pack': { type: 'string' },
        pack: { type: 'string' },
        port: { type: 'string' },
        scan: { type: 'string', multiple: true, default: [] },
      },
    });
  } catch (error) {
    const problem = (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' ');
    throw new RangeError(`start: ${problem} (npm start -- --help lists the options)`, { cause: error });
  }
}

function backendOf(name: string): Backend {
  const backend = backends.find((known) => known === name);
  if (!backend) throw new RangeError(`start: --backend must be ${backends.join(', ')}, got ${name}`);
  return backend;
}

function packOf(name: string): string {
  return fileURLToPath(new URL('.', import.meta.resolve(`@tfjs-sparse/${name}/manifest.json`)));
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new RangeError(`start: ${option} must be ${least} to ${most}, got ${text}`);
  return value;
}
