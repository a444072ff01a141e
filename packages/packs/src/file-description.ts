/** Size and hash of a file, as a manifest lists it. */
export interface FileDescription {
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** Describes a file for a manifest; `path` is relative to the pack's folder. */
export async function describeFile(path: string, contents: BufferSource): Promise<FileDescription> {
  return { path, bytes: contents.byteLength, sha256: await sha256('describeFile', contents) };
}

export async function sha256(op: string, contents: BufferSource): Promise<string> {
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) {
    throw new Error(`${op}: crypto.subtle must exist (browsers have it on https and localhost pages only), got none`);
  }
  const digest = new Uint8Array(await subtle.digest('SHA-256', contents));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
