import type { Item } from '../../src/demo.js';

/** What the worker is asked for. */
export type Task = OpenTask | WeightTask | DrawTask | ConvertTask | MeasureTask | ReachTask;
export type Outcome = Opened | Weight | Drawn | Converted | Measured | Reached | Refused;

/** Where a model is. */
export type ModelSource =
  | { readonly kind: 'files'; readonly files: readonly NamedBlob[] }
  | { readonly kind: 'sample'; readonly index: number }
  | { readonly kind: 'url'; readonly url: string };

/** A file that is read in parts; browsers give `File`s. */
export interface NamedBlob {
  readonly name: string;
  readonly blob: Blob;
}

/** A model that is opened; the worker keeps what it read of the last one by its `id`. */
export interface OpenModel {
  readonly id: string;
  readonly source: ModelSource;
}

/** Asks what is in a file. */
export interface OpenTask extends Item {
  readonly task: 'open';
  readonly model: OpenModel;
}

export interface Opened {
  readonly task: 'open';
  /** Of the file. */
  readonly name: string;
  readonly fileBytes: number;
  readonly format: string;
  readonly metadata: readonly (readonly [name: string, value: string])[];
  readonly weights: readonly WeightRow[];
  readonly totals: Totals;
  readonly network: FoundNetwork;
  /** A cfg.json that came with the file: what no weight says. */
  readonly settings: string | null;
}

export interface Totals {
  readonly elements: number;
  readonly zeros: number;
  readonly bytes: number;
  /** With the kernels that the weights would get. */
  readonly bytesAfter: number;
}

/** Whether the file says its network itself; else whose weights they are. */
export interface FoundNetwork {
  readonly isInFile: boolean;
  /** Of its architecture; null where none or several recognise it. */
  readonly architecture: string | null;
  /** How that was told, or why it was not. */
  readonly reason: string;
  /** Whether shapes of its inputs may have to be given. */
  readonly asksInputs: boolean;
  /** All names that can be chosen. */
  readonly architectures: readonly string[];
}

export interface WeightRow {
  readonly path: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: number;
  readonly elements: number;
  /** Share of its elements that are 0. */
  readonly sparsity: number;
  /** How it is stored, how its zeros lie. */
  readonly said: string;
  /** The op that would compute it, with its format, bytes and time; empty where it stays dense. */
  readonly kernel: string;
  readonly picture: CellPicture | null;
}

/** Where a weight is not 0. */
export interface CellPicture {
  readonly rows: number;
  readonly columns: number;
  /** uint8 `[rows, columns]`: share of non-zeros in a cell, 255 for all */
  readonly shares: Uint8Array;
}

/** Asks for the values of a weight. */
export interface WeightTask extends Item {
  readonly task: 'weight';
  readonly model: OpenModel;
  readonly path: string;
}

export interface Weight {
  readonly task: 'weight';
  readonly path: string;
  readonly histogram: Histogram;
}

/** Asks for a picture of all weights with zeros. */
export interface DrawTask extends Item {
  readonly task: 'draw';
  readonly model: OpenModel;
}

export interface Drawn {
  readonly task: 'draw';
  /** SVG. */
  readonly file: NamedBlob;
}

export interface Histogram {
  /** Bounds of the finite values. */
  readonly low: number;
  readonly high: number;
  /** Values other than 0 in equal parts of the range. */
  readonly counts: readonly number[];
  readonly zeros: number;
  readonly notFinite: number;
}

export type Precision = 'float32' | 'float16' | 'int8' | 'int4';

export interface ConvertSettings {
  /** null: what recognises it. */
  readonly architecture: string | null;
  /** JSON of what no weight says; empty for none. */
  readonly settings: string;
  /** Shapes of inputs that the file does not say, such as `x=1,3,224,224`; empty for none. */
  readonly inputs: string;
  /** `2:4` and the like, or a share; empty for none. */
  readonly pruning: string;
  readonly precision: Precision;
}

/** Asks for a tfjs model. */
export interface ConvertTask extends Item {
  readonly task: 'convert';
  readonly model: OpenModel;
  readonly settings: ConvertSettings;
}

export interface Converted {
  readonly task: 'convert';
  readonly kind: 'graph' | 'layers';
  readonly notes: readonly string[];
  readonly report: readonly ProductRow[];
  readonly inputs: readonly ModelInput[];
  readonly outputs: readonly string[];
  readonly prunedCount: number;
  readonly weightBytes: number;
  readonly ms: number;
  /** How the saved model is loaded. */
  readonly loading: string;
  readonly zip: NamedBlob;
}

export interface ProductRow {
  readonly name: string;
  readonly op: string;
  readonly shape: readonly number[] | null;
  readonly sparsity: number | null;
  /** null where it stays as it is. */
  readonly kernel: string | null;
  /** How its weights are stored, and why. */
  readonly said: string;
}

export interface ModelInput {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly (number | null)[] | null;
}

/** How inputs are made where the user gives none. */
export interface SampleSettings {
  readonly seed: number;
  /** Of axes of any length but the first, which is 1. */
  readonly openLength: number;
  /** Of a model on sites. */
  readonly sites: number;
  /** Cells of the grid of sites on the axes, as typed. */
  readonly grid: string;
}

/** Asks for outputs and times of a converted model. */
export interface MeasureTask extends Item {
  readonly task: 'measure';
  readonly model: OpenModel;
  readonly settings: ConvertSettings;
  readonly sample: SampleSettings;
  /** .safetensors in place of the sample; null for none. */
  readonly inputs: NamedBlob | null;
  /** .safetensors of what the network gave for `inputs` elsewhere. */
  readonly outputs: NamedBlob | null;
  /** Cells on each axis of the grid of sites in `inputs`, as typed; empty for those up to the last site. */
  readonly grid: string;
}

export interface Measured {
  readonly task: 'measure';
  /** Of tfjs; on webgpu with the adapter. */
  readonly device: string;
  readonly converted: Timing;
  /** Of the file's own network, dense, unpruned, in float32; null where the converted one is the same. */
  readonly dense: Timing | null;
  /** Against that network. */
  readonly differences: readonly OutputDifference[];
  /** Against the user's outputs; null where there are none. */
  readonly given: readonly OutputDifference[] | null;
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly outputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

export interface Timing {
  /** The median. */
  readonly ms: number;
  readonly runs: number;
}

export interface OutputDifference {
  readonly output: string;
  readonly shape: readonly number[];
  /** The largest, relative for values above 1. */
  readonly maxError: number;
}

/** Asks whether the worker can reach another server. */
export interface ReachTask extends Item {
  readonly task: 'reach';
}

export interface Reached {
  readonly task: 'reach';
  /** By the browser, whose policy for this worker allows no such server. */
  readonly isRefused: boolean;
}

/** Why a task cannot be done, and what to do. */
export interface Refused {
  readonly task: 'refused';
  readonly of: Task['task'];
  readonly message: string;
  readonly advice: string;
}
