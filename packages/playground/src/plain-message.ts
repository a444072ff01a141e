/**
 * What an error says, without the function of a library that its message begins with: who uses the command line or a page
 * has called none.
 */
export function plainMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^[a-z]+[A-Z]\w*: /, '');
}
