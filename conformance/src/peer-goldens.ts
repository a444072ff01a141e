import type { Safetensors, SafetensorsTensor } from '@tfjs-sparse/core';
import type { GoldenCase, Tolerance } from './golden-file.js';
import { cotangentName, outputTensorName, type Signature } from './tensor-operation.js';

/** A case of an op on dense tensors, as the numbers of a peer's software give it. */
export interface PeerCase {
  readonly operation: Signature;
  readonly attrs: object;
  readonly inputs: Readonly<Record<string, SafetensorsTensor>>;
  readonly outputs: Readonly<Record<string, SafetensorsTensor>>;
  /** Of outputs; default none. */
  readonly cotangents?: Readonly<Record<string, SafetensorsTensor>>;
  /** Of inputs; default none. */
  readonly gradients?: Readonly<Record<string, SafetensorsTensor>>;
  readonly tolerance: Tolerance;
}

/** Reads a file that a peer's software made as cases of our ops; null for a file of another kind. */
export type PeerReader = (file: Safetensors, name: string) => readonly PeerCase[] | null;

/** The case in the form of our own goldens. */
export function peerGolden({ operation, attrs, tolerance, ...of }: PeerCase, id: string): GoldenCase {
  const named = (tensors: PeerCase['cotangents'], name: (key: string) => string) =>
    Object.entries(tensors ?? {}).map(([key, tensor]) => [name(key), tensor] as const);
  const { op } = operation;
  return {
    id,
    layers: [{ name: op, op, in: Object.keys(of.inputs), attrs }],
    tensors: new Map([
      ...named(of.inputs, (key) => key),
      ...named(of.outputs, (key) => outputTensorName(operation, key)),
      ...named(of.cotangents, (key) => cotangentName(operation, key)),
      ...named(of.gradients, (key) => `grad_${key}`),
    ]),
    spatialShape: null,
    batchSize: null,
    tolerance,
  };
}
