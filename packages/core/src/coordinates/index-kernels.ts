import { hostExports } from '../wasm/host-memory.js';
import * as binaries from '../wasm-binaries.js';

/** The exports of the `*.as.ts` files of this folder; the meaning of the parameters stands there. All are pointers or counts. */
export interface IndexKernels {
  boundPoints(
    points: number,
    pointCount: number,
    pointBytes: number,
    origin: number,
    voxelSize: number,
    bounds: number,
  ): void;
  indexedKeysOfPoints(
    points: number,
    pointCount: number,
    pointBytes: number,
    origin: number,
    voxelSize: number,
    batches: number,
    weights: number,
    keys: number,
  ): void;
  boundRows(rows: number, rowCount: number, rowBytes: number, bounds: number): void;
  keysOfRows(rows: number, rowCount: number, rowBytes: number, weights: number, keys: number): void;
  indexedKeysOfRows(rows: number, rowCount: number, rowBytes: number, weights: number, keys: number): void;
  rowsOfKeys(keys: number, siteCount: number, fields: number, rows: number, rowBytes: number): void;
  countDigits(values: number, count: number, shift: number, digitBits: number, histogram: number): void;
  countThreeDigits(values: number, count: number, shift: number, digitBits: number, histograms: number): void;
  scatterByDigit(
    values: number,
    sorted: number,
    count: number,
    shift: number,
    digitBits: number,
    histogram: number,
  ): void;
  groupSorted(
    sorted: number,
    rowCount: number,
    indexBits: number,
    siteKeys: number,
    sites: number,
    starts: number,
    order: number,
  ): number;
  mergeKeys(first: number, firstCount: number, second: number, secondCount: number, merged: number): number;
  matchKeys(target: number, targetCount: number, keys: number, sites: number, targetRows: number): void;
  keysOfCells(rows: number, count: number, columns: number, bounds: number, weights: number, keys: number): void;
  startKeys(siteKeys: number, siteCount: number, shift: number, startCount: number, starts: number): void;
  findKeys(keys: number, keyCount: number, siteKeys: number, shift: number, starts: number, sites: number): void;
  cellsOfSites(rows: number, rowBytes: number, count: number, axes: number, axisCount: number, cells: number): void;
  listSitesInside(rows: number, count: number, columns: number, bounds: number, sites: number): number;
  takeRows(rows: number, columns: number, kept: number, count: number, taken: number): void;
  appendDigit(values: number, valueBytes: number, count: number, digit: number, parities: number, keys: number): void;
  appendIndices(keys: number, count: number, indexBits: number): void;
  invertOrder(order: number, count: number, places: number): void;
  appendZOrder(
    rows: number,
    rowBytes: number,
    count: number,
    axes: number,
    axisCount: number,
    depth: number,
    keys: number,
  ): void;
  appendHilbert(
    rows: number,
    rowBytes: number,
    count: number,
    axes: number,
    axisCount: number,
    depth: number,
    keys: number,
  ): void;
  listRows(
    keys: number,
    keyCount: number,
    lastBits: number,
    cellBits: number,
    rowCells: number,
    rowStarts: number,
    slabKeys: number,
    slabStarts: number,
    counts: number,
  ): void;
  pairRows(
    queries: number,
    keys: number,
    slabStep: bigint,
    firstCell: number,
    taps: number,
    dilation: number,
    table: number,
    capacity: number,
    lists: number,
    counts: number,
  ): void;
  pairSitesAtTaps(
    queries: number,
    queryStarts: number,
    keys: number,
    keyStarts: number,
    keyRows: number,
    queryRows: number,
    rowPairs: number,
    step: bigint,
    capacity: number,
    lists: number,
    counts: number,
    taps: number,
    dilation: number,
  ): void;
  pairAdjacent(keys: number, keyCount: number, nexts: number, firsts: number): number;
  listOutputs(
    keys: number,
    siteCount: number,
    fields: number,
    outputs: number,
    taps: number,
    tapCount: number,
    counts: number,
  ): void;
  numberSorted(sorted: number, count: number, indexBits: number, different: number, places: number): number;
  pairByTap(taps: number, siteCount: number, outputs: number, starts: number, left: number, right: number): void;
  listBlocks(
    keys: number,
    keyCount: number,
    cellBits: number,
    blocks: number,
    slabKeys: number,
    slabBlocks: number,
    slabSites: number,
  ): number;
  findWindows(
    queries: number,
    sites: number,
    cellBits: number,
    slabStep: bigint,
    step: number,
    cellStep: number,
    taps: number,
    table: number,
    capacity: number,
    windows: number,
    ends: number,
  ): void;
  pairWindows(windows: number, windowCount: number, keys: number, step: number, lists: number, counts: number): void;
  classifySites(
    rows: number,
    lastAxes: number,
    siteCount: number,
    rowBytes: number,
    axes: number,
    bias: bigint,
    batchWeight: bigint,
    classCount: number,
    distances: number,
    keys: number,
    classes: number,
  ): void;
  listByClass(classes: number, siteCount: number, classCount: number, ends: number, sites: number): void;
  listCandidates(
    sites: number,
    siteCount: number,
    distances: number,
    siteKeys: number,
    axes: number,
    shifts: number,
    keyShift: bigint,
    candidate: number,
    indexBits: number,
    keys: number,
    inputs: number,
  ): number;
}

export function indexKernels(): IndexKernels {
  return hostExports<IndexKernels>(binaries);
}
