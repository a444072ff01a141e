import { env } from '@tensorflow/tfjs-core';
import { loadPack } from '@tfjs-sparse/packs';
import '@tfjs-sparse/sparse-conv/layers';
import { WaferClassifier } from './classifier/wafer-classifier.js';
import { namedWafers, samples } from './command/named-wafers.js';
import { startBackend } from './command/node-backend.js';
import { help, readCommandLine, type Command } from './command/options.js';
import { jsonRow, Table } from './command/rows.js';
import { startServer } from './server/start-server.js';

process.stdout.on('error', () => process.exit(0)); // whoever reads the rows (head, say) has enough

try {
  const command = readCommandLine(process.argv.slice(2));
  if (command === 'help') console.log(help);
  else await run(command);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  end(1);
}

async function run({ backend, inputs, isJson, pack, port }: Command): Promise<void> {
  env().set('PROD', true); // no advertisement for the native binding among the output
  // Read first: a mistake in a file name shows at once.
  const fromFiles = await namedWafers(inputs);
  const wafers = isJson && inputs.length > 0 ? fromFiles : [...samples(), ...fromFiles];
  await startBackend(backend);
  const classifier = new WaferClassifier(await loadPack(pack));
  await classifier.warmUp(samples().map(({ map }) => map));
  const table = isJson ? null : new Table(wafers, backend);
  for (const [index, { name, map }] of wafers.entries()) {
    const result = await classifier.classify(map);
    console.log(table ? table.row(name, result) : jsonRow(index, result));
  }
  classifier.pack.dispose();
  if (!table) return end(0);
  console.log(table.footer());
  const { url } = await startServer({ wafers, pack, port });
  console.log(`\nThe same in your browser: ${url}  (Ctrl+C ends it)`);
}

/** Ends the process, which a GPU device would keep alive, once everything is written. */
function end(exitCode: number): void {
  process.stdout.write('', () => process.exit(exitCode));
}
