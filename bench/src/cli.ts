import { parseArgs } from 'node:util';
import type { BenchRow } from './bench.js';
import { gpuContext } from './gpu-context.js';
import { nodeContext, repository } from './node-context.js';
import { benches, gpuBenches, runBench } from './run.js';
import { header, line } from './table.js';
import { join, resolve } from 'node:path';

const help = `npm run bench -- <name> [options]

  <name>             ${Object.keys(benches).join(', ')}
  --case <glob>      only these cases (default all)
  --backend <name>   wasm (default) or webgpu: ${Object.keys(gpuBenches).join(', ')} on the GPU that Dawn finds
  --browser <name>   chromium, firefox or webkit instead of Node
  --data <folder>    recorded inputs (default ../shared/data)
  --json             one JSON row a line instead of a table
  --help`;

const { values: options, positionals } = parseCommandLine();
const name: string | undefined = positionals[0];
if (options.help) {
  console.log(help);
} else {
  await main();
}

function parseCommandLine() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        case: { type: 'string', default: '*' },
        backend: { type: 'string', default: 'wasm' },
        browser: { type: 'string' },
        data: { type: 'string', default: join(repository, '../shared/data') },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    return fail(`bench: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function main(): Promise<void> {
  const data = resolve(options.data);
  if (name === undefined || !Object.hasOwn(benches, name))
    fail(`bench: name must be one of ${Object.keys(benches).join(', ')}, got ${name || 'none'}`);
  if (!['wasm', 'webgpu'].includes(options.backend))
    fail(`bench: --backend must be wasm or webgpu, got ${options.backend}`);
  const isOnGpu = options.backend === 'webgpu';
  if (isOnGpu && !Object.hasOwn(gpuBenches, name))
    fail(`bench: --backend webgpu must be for ${Object.keys(gpuBenches).join(', ')}, got ${name}`);
  if (isOnGpu && options.browser) fail(`bench: --backend webgpu must be in Node, got --browser ${options.browser}`);
  const rows = options.browser
    ? (await import('./browser-runner.js')).runInBrowser(options.browser, name, options.case, data)
    : runBench(name, options.case, await (isOnGpu ? gpuContext : nodeContext)(data), console.error);
  let count = 0;
  for await (const row of rows) print(row, count++ === 0);
  if (count === 0) fail(`bench: --case must match a case of ${name} whose data is there, got ${options.case}`);
  if (isOnGpu) process.exit(0); // Dawn's threads would keep the process
}

function print(row: BenchRow, isFirst: boolean): void {
  if (options.json) console.log(JSON.stringify(row));
  else {
    if (isFirst) console.log(header);
    console.log(line(row));
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
