/** Backends of which a hint was given. */
const hinted = new Set<string>();

/** Says once that operations on this backend copy; measured by `npm run bench -- webgl --browser chromium`. */
export function hintAtFasterBackends(backendName: string): void {
  if (hinted.has(backendName)) return;
  hinted.add(backendName);
  console.warn(
    `tfjs-sparse: the backend '${backendName}' runs sparse operations in WebAssembly and copies every tensor to it and ` +
      "back: large convolutions take 1.15 times as long as on tf.setBackend('wasm'), small ones more. 'webgpu' and " +
      "'wasm' save the copies; chooseBackend() of @tfjs-sparse/core picks.",
  );
}
