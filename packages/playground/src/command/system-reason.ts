/** Codes of the operating system in words. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EISDIR: 'a folder',
  ENAMETOOLONG: 'too long a name',
  ENOENT: 'not there',
  ENOSPC: 'no space left',
  ENOTDIR: 'a file is where a folder must be',
  EPERM: 'no permission',
  EROFS: 'a place that is only read',
};

/** Why something in the file system did not work. */
export function systemReason(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return reasons[code] ?? (code || message);
}
