/** What a GPU adapter says of itself. */
export interface AdapterName {
  /** Vendor, architecture, device and driver, as far as the browser gives them. */
  readonly name: string;
  /** Whether the CPU does its work. */
  readonly isSoftware: boolean;
}

/** What software adapters call themselves: Chromium's SwiftShader, Mesa's llvmpipe, Windows' WARP. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|basic render|software/i;

/** The adapter that WebGPU gives here, or null for none. */
export async function gpuAdapterName(): Promise<AdapterName | null> {
  const adapter = await globalThis.navigator?.gpu?.requestAdapter().catch(() => null);
  if (!adapter) return null;
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info ?? {};
  const name = [vendor, architecture, device, description].filter(Boolean).join(' ') || 'unnamed';
  return { name, isSoftware: isFallbackAdapter === true || softwareNames.test(name) };
}
