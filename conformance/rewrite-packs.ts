// npm run packs -w conformance: writes every pack again, after layers got other names or options.
import fs from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { packFolders } from './find-packs.js';
import { workspace } from './node-files.js';
import { rewritePack } from './rewrite-pack.js';

const models = path.join(workspace, '../models');

await tf.setBackend('cpu');
for (const pack of packFolders(models)) {
  const folder = path.join(models, pack);
  const before = JSON.parse(fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as {
    files: { bytes: number }[];
  };
  const { files } = await rewritePack(folder, folder);
  const sizes = files.map(({ bytes }, i) => [before.files[i].bytes, bytes] as const).filter(([a, b]) => a !== b);
  for (const [old, bytes] of sizes) updateCard(pack, old, bytes);
  console.log(`${pack}: ${sizes.length === 0 ? 'the same sizes' : sizes.map((each) => each.join(' -> ')).join(', ')}`);
}

/** The card, of the pack or of the one around it, has sizes in cells of tables. */
function updateCard(pack: string, old: number, bytes: number): void {
  const card = path.join(models, pack.split('/')[0], 'README.md');
  const text = fs.readFileSync(card, 'utf8');
  if (!text.includes(`| ${old} |`)) throw new RangeError(`packs: ${card} must name a file of ${old} bytes, got none`);
  fs.writeFileSync(card, text.replace(`| ${old} |`, `| ${bytes} |`));
}
