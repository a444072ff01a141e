import { env } from '@tensorflow/tfjs-core';
import { requireFreePort, startServer } from '../server/start-server.js';
import { findDemos, pagesFolder, type FoundDemo } from '../site/find-demos.js';
import { plainMessage } from '../plain-message.js';
import { helpOf } from './help.js';
import { startBackend } from './node-backend.js';
import { openOutputFolder } from './output-folder.js';
import { readCommandLine, type Command } from './options.js';
import { packFolders, replacedPacks } from './pack-folders.js';
import { readInputs } from './read-inputs.js';
import { runDemo } from './run-demo.js';

process.stdout.on('error', () => process.exit(0)); // whoever reads the rows (head, say) has enough

try {
  const demos = await findDemos();
  const command = readCommandLine(process.argv.slice(2), demos);
  if (command === 'help') console.log(helpOf(demos));
  else await run(command, demos);
} catch (error) {
  console.error(plainMessage(error));
  end(1);
}

async function run(command: Command, all: readonly FoundDemo[]): Promise<void> {
  env().set('PROD', true); // no advertisement for the native binding among the output
  const { backend, isJson, values, port, host, output } = command;
  const isServing = !isJson && output === null;
  if (isServing) await requireFreePort(port ?? 0, host);
  const demos = command.demos.length > 0 ? all.filter(({ name }) => command.demos.includes(name)) : all;
  // Read first: a mistake in an option or a file name shows at once.
  const asked = demos.map(({ command: ofDemo }) => ofDemo.asked(values));
  if (output !== null) await openOutputFolder(output);
  const { inputs, problems: unread } = await readInputs(command.inputs, demos, values);
  for (const problem of unread) console.error(problem);
  const problems = [...unread];
  const isAsked = inputs.length + asked.flat().length > 0;
  if (problems.length > 0 && !isAsked) return end(1);
  const options = {
    backend,
    isJson,
    output,
    inputPaths: command.inputs,
    packFolders: packFolders(all, values),
    replacedPacks: replacedPacks(all, values),
  };
  await startBackend(backend);
  let isFirst = true;
  for (const [index, found] of demos.entries()) {
    const hasSamples = asked[index].length === 0 && (isServing || (!isAsked && index === 0));
    const ofFiles = inputs.filter((input) => input.found === found).flatMap(({ items }) => items);
    const items = [...(hasSamples ? found.demo.samples(0) : asked[index]), ...ofFiles];
    if (items.length === 0) continue;
    if (!isFirst && !isJson) console.log();
    problems.push(...(await runDemo(found, items, options)));
    isFirst = false;
  }
  if (!isServing) return end(problems.length > 0 ? 1 : 0);
  const { url } = await startServer({
    pages: pagesFolder,
    inputs: inputs.map(({ found, file }) => ({ demo: found.name, file, options: values })),
    packs: options.packFolders,
    port,
    host,
  });
  const page = command.demos.length > 0 ? `${demos[0].name}.html` : '';
  console.log(`\nThe same in your browser: ${url}${page}  (Ctrl+C ends it)`);
}

/** Ends the process, which a GPU device would keep alive, once everything is written. */
function end(exitCode: number): void {
  process.stdout.write('', () => process.exit(exitCode));
}
