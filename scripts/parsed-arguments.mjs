import { parseArgs } from 'node:util';

/** What the command line says; with --help or -h, or where it says what is unknown, the process ends with `usage`. */
export function parsedArguments(config, usage) {
  try {
    const options = { ...config.options, help: { type: 'boolean', short: 'h' } };
    const parsed = parseArgs({ ...config, options });
    if (!parsed.values.help) return parsed;
    console.log(usage);
    process.exit(0);
  } catch (error) {
    console.error(`${error.message.replace(/\s*\n\s*/g, ' ')}\n${usage}`);
    process.exit(1);
  }
}
