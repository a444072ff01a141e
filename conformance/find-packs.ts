import fs from 'node:fs';
import path from 'node:path';
import { readSafetensors } from '@tfjs-sparse/core';
import { packCases, type PackCase } from './run-pack.js';

/** A pack with the cases of its golden, or why it has none. */
export interface FoundPack {
  /** Its folder below models/. */
  readonly pack: string;
  readonly cases: readonly PackCase[];
  readonly problem: string | null;
}

/** Folders below `models` that hold a manifest.json, packs inside of packs too, sorted. */
export function packFolders(models: string): string[] {
  const inside = (folder: string): string[] =>
    fs.readdirSync(path.join(models, folder), { withFileTypes: true }).flatMap((entry) => {
      if (entry.isFile() && entry.name === 'manifest.json') return [folder];
      return entry.isDirectory() && entry.name !== 'node_modules' ? inside(path.posix.join(folder, entry.name)) : [];
    });
  return inside('').sort();
}

/** Every pack below `models`, with the cases that its golden has. */
export function findPacks(models: string): FoundPack[] {
  return packFolders(models).map((pack) => {
    try {
      return { pack, cases: casesOf(path.join(models, pack), pack), problem: null };
    } catch (error) {
      return { pack, cases: [], problem: error instanceof Error ? error.message : String(error) };
    }
  });
}

function casesOf(folder: string, pack: string): PackCase[] {
  const files = listedFiles(folder, pack);
  for (const file of files) {
    const isThere = fs.existsSync(path.join(folder, file.path));
    if (!isThere) throw new Error(`packs: ${pack}/manifest.json must list files that exist, got ${file.path}`);
  }
  const golden = files.find(({ role }) => role === 'golden');
  if (!golden) throw new Error(`packs: ${pack}/manifest.json must list a golden, got none`);
  return packCases(pack, readSafetensors(fs.readFileSync(path.join(folder, golden.path))));
}

function listedFiles(folder: string, pack: string): readonly { readonly path: string; readonly role: string }[] {
  let problem = 'none';
  try {
    const { files } = JSON.parse(fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8'));
    if (Array.isArray(files)) return files;
  } catch (error) {
    problem = String(error);
  }
  throw new Error(`packs: ${pack}/manifest.json must be JSON with a list of files, got ${problem}`);
}
