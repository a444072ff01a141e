import type { PeerReader } from '../src/peer-goldens.js';
import type { CallCase } from '../src/run-call.js';
import type { OperationCases } from './define-cases.js';

/** What a file directly in `cases/<plugin>/` exports: an operation, calls with a stated behaviour, or both. */
export interface CaseFile {
  readonly operation?: OperationCases;
  /** Errors, word for word, and what an order or a backend must not change. */
  readonly calls?: readonly CallCase[];
  /** Reads goldens that peers' software made, in the form that it gave them. */
  readonly peers?: PeerReader;
}

/** All operations and calls, in the order of their files. */
export interface CollectedCases {
  readonly operations: readonly OperationCases[];
  readonly calls: readonly CallCase[];
  readonly peers: readonly PeerReader[];
}

/**
 * @param files by their paths below `cases/`, without extension
 * @throws TypeError for a file that exports nothing usable; RangeError for an op that is not called as its file, and for
 *   two files with the same op
 */
export function collectCases(files: Readonly<Record<string, CaseFile>>): CollectedCases {
  const fileOf = new Map<string, string>();
  const operations: OperationCases[] = [];
  const calls: CallCase[] = [];
  const peers: PeerReader[] = [];
  for (const [file, exported] of Object.entries(files)) {
    if (!exported.operation && !exported.calls) {
      throw new TypeError(`conformance: cases/${file} must export operation or calls, got ${named(exported)}`);
    }
    calls.push(...(exported.calls ?? []));
    if (exported.peers) peers.push(exported.peers);
    if (!exported.operation) continue;
    const { op } = exported.operation;
    const name = file.slice(file.lastIndexOf('/') + 1);
    if (op !== name) throw new RangeError(`conformance: cases/${file} must have the op '${name}', got '${op}'`);
    const other = fileOf.get(op);
    if (other) throw new RangeError(`conformance: op '${op}' must have one case file, got ${other} and ${file}`);
    fileOf.set(op, file);
    operations.push(exported.operation);
  }
  return { operations, calls, peers };
}

function named(exported: object): string {
  const names = Object.keys(exported);
  return names.length > 0 ? names.join(', ') : 'nothing';
}
