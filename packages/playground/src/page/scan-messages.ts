import type { Segmentation } from '../segmenter/scan-segmenter.js';
import type { BackendName } from './browser-backend.js';

/** What the page asks of the worker; each is answered by one ScanAnswer, in order. */
export type ScanRequest =
  | { readonly kind: 'start'; readonly backend: BackendName }
  | { readonly kind: 'simulate'; readonly seed: number }
  | { readonly kind: 'read'; readonly name: string; readonly contents: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'segment'; readonly points: Float32Array };

/** A scan that the worker made or read. */
export interface ShownScan {
  /** float32 `[points, 3]` */
  readonly points: Float32Array;
  /** uint8 `[points]`, of simulated scans. */
  readonly trueLabels?: Uint8Array;
}

export type ScanAnswer =
  | { readonly kind: 'started' }
  | { readonly kind: 'scan'; readonly scan: ShownScan }
  | { readonly kind: 'segmentation'; readonly segmentation: Segmentation }
  | { readonly kind: 'problem'; readonly message: string };

/** What the worker reports beside its answers. */
export type ScanReport =
  { readonly kind: 'progress'; readonly text: string } | { readonly kind: 'warning'; readonly message: string };
