import { FormatError } from '../format-error.js';
import { convertCommand } from './convert.js';
import { inspectCommand } from './inspect.js';
import { packCommand } from './pack.js';
import { tensorsCommand } from './tensors.js';
import { verifyCommand } from './verify.js';
import { UsageError, type Command } from './command.js';

const commands: Readonly<Record<string, Command>> = {
  convert: convertCommand,
  inspect: inspectCommand,
  pack: packCommand,
  tensors: tensorsCommand,
  verify: verifyCommand,
};

const help = `tfjs-sparse COMMAND [options]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join('\n')}

tfjs-sparse COMMAND --help says more. Exit code: 0 done, 1 the file is not what it must be, 2 a wrong option.`;

process.stdout.on('error', () => process.exit(0)); // whoever reads the rows (head, say) has enough
process.exitCode = await main(process.argv.slice(2));

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    console.log(help);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : null;
  if (!command) {
    console.error(`tfjs-sparse: a command must be one of ${Object.keys(commands).join(', ')}, got ${name}`);
    return 2;
  }
  if (args.includes('--help') || args.includes('-h')) {
    console.log(command.help);
    return 0;
  }
  try {
    await command.run(args);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message} (tfjs-sparse ${name} --help)`);
      return 2;
    }
    if (!(error instanceof FormatError) && !isRule(error) && !isSystemError(error)) throw error;
    console.error(error.message);
    return 1;
  }
}

/** What the packages throw for what does not fit: `<op>: <what must hold>, got <value>`. */
function isRule(error: unknown): error is RangeError {
  return error instanceof RangeError && /^[\w-]+: .+, got /s.test(error.message);
}

/** Of Node: a file that is not there, and the like. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
