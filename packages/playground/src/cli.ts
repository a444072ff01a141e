import { env } from '@tensorflow/tfjs-core';
import { loadPack } from '@tfjs-sparse/packs';
import '@tfjs-sparse/sparse-conv/layers';
import { WaferClassifier } from './classifier/wafer-classifier.js';
import { isScanFile, namedScans, simulatedScans, type NamedScan } from './command/named-scans.js';
import { namedWafers, samples, type NamedWafer } from './command/named-wafers.js';
import { startBackend } from './command/node-backend.js';
import { help, readCommandLine, type Command } from './command/options.js';
import { jsonRow, Table } from './command/rows.js';
import { jsonScanRow, ScanTable } from './command/scan-rows.js';
import { ScanSegmenter } from './segmenter/scan-segmenter.js';
import { startServer } from './server/start-server.js';

const sampleScan = 3_000_001; // a seed that the network was neither trained nor tested on

process.stdout.on('error', () => process.exit(0)); // whoever reads the rows (head, say) has enough

try {
  const command = readCommandLine(process.argv.slice(2));
  if (command === 'help') console.log(help);
  else await run(command);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  end(1);
}

async function run(command: Command): Promise<void> {
  env().set('PROD', true); // no advertisement for the native binding among the output
  const { backend, inputs, scans: seeds, columns, isJson, pack, lidarPack, port } = command;
  // Read first: a mistake in a file name shows at once.
  const wafersOfFiles = await namedWafers(inputs.filter((path) => !isScanFile(path)));
  const scansOfFiles = await namedScans(inputs.filter(isScanFile), { columns });
  const isAsked = inputs.length + seeds.length > 0;
  const wafers = isJson && isAsked ? wafersOfFiles : [...samples(), ...wafersOfFiles];
  const scans = [...simulatedScans(isJson || seeds.length > 0 ? seeds : [sampleScan]), ...scansOfFiles];
  await startBackend(backend);
  if (wafers.length > 0) await classify(wafers, command);
  if (scans.length > 0) await segment(scans, command);
  if (isJson) return end(0);
  const { url } = await startServer({ wafers, pack, scans: scansOfFiles, lidarPack, port });
  console.log(`\nThe same in your browser: ${url} and ${url}scans.html  (Ctrl+C ends it)`);
}

async function classify(wafers: readonly NamedWafer[], { backend, isJson, pack }: Command): Promise<void> {
  const classifier = new WaferClassifier(await loadPack(pack));
  await classifier.warmUp(samples().map(({ map }) => map));
  const table = isJson ? null : new Table(wafers, backend);
  for (const [index, { name, map }] of wafers.entries()) {
    const result = await classifier.classify(map);
    console.log(table ? table.row(name, result) : jsonRow(index, result));
  }
  classifier.pack.dispose();
  if (table) console.log(table.footer());
}

async function segment(scans: readonly NamedScan[], { isJson, lidarPack }: Command): Promise<void> {
  const segmenter = new ScanSegmenter(await loadPack(lidarPack));
  await segmenter.segment(scans[0].points); // the first run of a kernel is that of a compiler in a hurry
  const table = new ScanTable(scans);
  if (!isJson) console.log(`\n${table.header()}`);
  for (const scan of scans) {
    const result = await segmenter.segment(scan.points);
    console.log(isJson ? jsonScanRow(scan, result) : table.row(scan, result));
  }
  segmenter.pack.dispose();
}

/** Ends the process, which a GPU device would keep alive, once everything is written. */
function end(exitCode: number): void {
  process.stdout.write('', () => process.exit(exitCode));
}
