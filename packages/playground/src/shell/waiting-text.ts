import type { BackendName } from '../worker/messages.js';

/**
 * The status when a backend is picked while an item runs, which may take long, such as the first on webgpu in software.
 *
 * @param current on which the item runs
 */
export function waitingText(item: string, current: BackendName | null, picked: BackendName): string {
  return `${item} on ${current}…${picked === current ? '' : ` ${picked} starts once this is through.`}`;
}
