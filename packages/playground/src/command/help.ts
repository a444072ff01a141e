import type { FoundDemo } from '../site/find-demos.js';

const width = 92;
const column = 18; // where the text about an option begins

/** The text of --help. */
export function helpOf(demos: readonly FoundDemo[]): string {
  const names = demos.map(({ name }) => name).join(', ');
  const summaries = demos.map(({ command }) => command.summary).join(' ');
  const notes = demos.flatMap(({ command }) => command.note ?? []);
  const options: [string, string][] = [
    ['--input FILE', `also run FILE; may be given several times: ${demos.map(filesOf).join('; ')}`],
    ...optionsOf(demos),
    ['--demo NAME', `only this demo (${names}); may be given several times`],
    ['--backend NAME', 'cpu, wasm (default) or webgpu'],
    [
      '--json',
      'print one JSON object a row and serve nothing; only of what other options ask for, else of ' +
        `the samples of ${demos[0].name}`,
    ],
    [
      '--output FOLDER',
      'write the results as files and serve nothing: a CSV of wafers, images, shapes or patterns, these with their ' +
        'settings (.json); of every scan its labels as SemanticKITTI has them (.label), with colours (.ply) and as ' +
        'arrays (.npz)',
    ],
    ['--port NUMBER', 'port of the pages (default: the first free one from 8080 up)'],
    [
      '--host ADDRESS',
      'address that the pages are served on, such as 0.0.0.0 for a phone in the same network (default: this machine ' +
        'alone); browsers give WebGPU and threads to this machine and to https only',
    ],
    ['--help, -h', 'show this text'],
  ];
  return [
    'npm start -- [options]',
    wrapped(`${summaries} Then serves pages that show the same in your browser.`, 0).join('\n'),
    options.map(([option, text]) => optionLines(option, text)).join('\n'),
    ...notes.map((note) => wrapped(note, 0).join('\n')),
  ].join('\n\n');
}

/** Of all demos, each once: some take an option together. */
function optionsOf(demos: readonly FoundDemo[]): [string, string][] {
  const byName = new Map(demos.flatMap(({ command }) => Object.entries(command.options)));
  return [...byName].map(([name, { placeholder, help }]) => [`--${name} ${placeholder}`, help]);
}

function filesOf({ demo: { about } }: FoundDemo): string {
  return about.filesHint;
}

function optionLines(option: string, text: string): string {
  const [first, ...more] = wrapped(text, column);
  const head = `  ${option}`.padEnd(column);
  const begin = head.length > column ? `${head}\n${' '.repeat(column)}${first}` : `${head}${first}`;
  return [begin, ...more.map((line) => ' '.repeat(column) + line)].join('\n');
}

/** Lines of `text` that end before the width, where each begins at `indent`. */
function wrapped(text: string, indent: number): string[] {
  return text.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last !== undefined && indent + last.length + 1 + word.length <= width) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
    return lines;
  }, []);
}
