import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSafetensors } from '@tfjs-sparse/core';
import { readExpectations, type Expectations } from './src/expectations.js';
import { goldenCases, type GoldenCase } from './src/golden-file.js';
import type { PeerReader } from './src/peer-goldens.js';

/** This workspace; compiled files lie in its dist/. */
export const workspace = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** A file below a folder of goldens: its cases, or why it cannot be read. */
export interface GoldenFile {
  /** Its path without extension, which names a file of one case. */
  readonly id: string;
  readonly cases: readonly GoldenCase[];
  readonly problem: string | null;
}

/** The path below `folder` of every .safetensors file, ascending. */
export function goldenPaths(folder: string): string[] {
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith(suffix)).sort();
}

/** Every .safetensors file below `folder`, by path. */
export function readGoldenFolder(folder: string, peers: readonly PeerReader[] = []): GoldenFile[] {
  return goldenPaths(folder).map((file) => {
    const id = file.slice(0, -suffix.length).split(path.sep).join('/');
    try {
      const read = readSafetensors(fs.readFileSync(path.join(folder, file)));
      return { id, cases: goldenCases(read, id, peers), problem: null };
    } catch (error) {
      return { id, cases: [], problem: String(error) };
    }
  });
}

/** `expectations/<browser>-<backend>.txt`; no file means that nothing is expected to fail. */
export function readExpectationFile(browser: string, backend: string): Expectations {
  const file = path.join(workspace, 'expectations', `${browser}-${backend}.txt`);
  return fs.existsSync(file) ? readExpectations(fs.readFileSync(file, 'utf8')) : new Map();
}

const suffix = '.safetensors';
