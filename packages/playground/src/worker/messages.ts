import type { Item, OptionValues } from '../demo.js';

export type BackendName = 'cpu' | 'wasm' | 'webgpu';

/** How many threads tfjs' wasm backend may have: `many` where the browser gives them. */
export type Threads = 'many' | 'one';

/** What the page asks of a demo's worker; each request is answered by one Answer, in order. */
export type Request<I extends Item> =
  | { readonly kind: 'start'; readonly backend: BackendName; readonly threads: Threads }
  | { readonly kind: 'samples'; readonly set: number }
  | {
      readonly kind: 'read';
      readonly name: string;
      readonly contents: Uint8Array<ArrayBuffer>;
      readonly options: OptionValues;
    }
  | { readonly kind: 'run'; readonly item: I };

export type Answer<I extends Item, Result> =
  | { readonly kind: 'started' }
  | { readonly kind: 'items'; readonly items: readonly I[]; readonly omittedCount: number }
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'problem'; readonly message: string };

/** What the worker says beside its answers. */
export type Report =
  | { readonly kind: 'progress'; readonly text: string; readonly share: number }
  | { readonly kind: 'warning'; readonly message: string };

/** The worker, seen from the page; the page, seen from the worker; in specs an end of a MessageChannel. */
export interface Port {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}
