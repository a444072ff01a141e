// Loaded before a command (run.mjs): where its user made a mistake it ends with a line, where the code did with the stack.
process.on('uncaughtException', (error) => {
  console.error(mistakeOf(error) ?? error);
  process.exit(1);
});

/** A line about an unknown option, a file that cannot be read or a value that must be another; null for other errors. */
export function mistakeOf(error) {
  if (!(error instanceof Error)) return null;
  const message = error.message.replace(/\s*\n\s*/g, ' ');
  if (error.code?.startsWith('ERR_PARSE_ARGS')) return `${message} (--help lists the options)`;
  if (Object.hasOwn(reasons, error.code ?? '')) {
    return `a file must be there that can be read or written, got ${error.path} (${reasons[error.code]})`;
  }
  return /^(?!internal:)[^:]+: .* must .*, got /.test(message) ? message : null;
}

const reasons = {
  EACCES: 'no permission',
  EISDIR: 'a folder',
  ENOENT: 'not there',
  ENOTDIR: 'a file is where a folder must be',
  EPERM: 'no permission',
};
