#!/usr/bin/env node
// npm start without npm's banner.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const start = fileURLToPath(new URL('../../../scripts/start.mjs', import.meta.url));
process.exitCode = spawnSync(process.execPath, [start, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
