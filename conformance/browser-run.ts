import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { RunOptions } from './cli.js';
import { workspace } from './node-files.js';
import type { CaseResult } from './src/report.js';

/** What the page gets as `__karma__.config.conformance`. */
export interface BrowserRunOptions {
  readonly filter: string;
  /** Addresses of golden files, or null for our own cases. */
  readonly goldens: readonly { readonly id: string; readonly url: string }[] | null;
}

/** Runs the same cases in a browser, through the repository's Karma configuration. */
export async function* runInBrowser(browser: string, options: RunOptions): AsyncGenerator<CaseResult> {
  const root = path.dirname(workspace);
  const bundled = spawnSync(process.execPath, ['scripts/bundle-tests.mjs'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (bundled.status !== 0) throw new Error('conformance: the bundle for browsers must build');
  process.env.KARMA_BROWSER = browser;
  const karma = createRequire(import.meta.url)('karma') as Karma;
  const lines: string[] = [];
  const plugin = { 'reporter:conformance': ['value', lineReporter(lines)] };
  const configFile = path.join(root, 'karma.conf.js');
  const plain = await karma.config.parseConfig(
    configFile,
    { logLevel: 'ERROR' },
    { promiseConfig: true, throwErrors: true },
  );
  const goldens = options.golden === null ? null : goldenFiles(options.golden);
  const files = (plain.files as KarmaFile[]).map((file) =>
    file.pattern.endsWith('main/*.js') ? { ...file, pattern: file.pattern.replace('*.js', '2-conformance.js') } : file,
  );
  if (options.golden !== null) {
    files.push({ pattern: path.join(options.golden, '**/*.safetensors'), included: false, watched: false });
  }
  const page: BrowserRunOptions = { filter: options.filter, goldens };
  const settings = {
    files,
    plugins: [...(plain.plugins as unknown[]), plugin],
    reporters: ['conformance'],
    client: {
      ...(plain.client as object),
      backends: options.backends,
      isRequired: options.required.includes('webgpu'),
      conformance: page,
    },
  };
  const config = await karma.config.parseConfig(
    configFile,
    { ...settings, logLevel: 'ERROR' },
    { promiseConfig: true, throwErrors: true },
  );
  const code = await new Promise<number>((resolve) => void new karma.Server(config, resolve).start());
  if (lines.length === 0) throw new Error(`conformance: ${browser} must report cases, got none (exit code ${code})`);
  for (const line of lines) {
    const result = JSON.parse(line) as CaseResult;
    yield { ...result, maxError: result.status === 'fail' && result.maxError === null ? Infinity : result.maxError };
  }
}

/** The part of Karma's programming interface that is used; it comes without types. */
interface Karma {
  readonly config: {
    parseConfig(file: string, changes: object, options: object): Promise<Record<string, unknown>>;
  };
  readonly Server: new (config: object, done: (exitCode: number) => void) => { start(): Promise<void> };
}

interface KarmaFile {
  readonly pattern: string;
  readonly included?: boolean;
  readonly watched?: boolean;
  readonly type?: string;
}

/** Takes what the page logs as results; Karma quotes logged strings. */
function lineReporter(lines: string[]) {
  return {
    onBrowserLog(_browser: unknown, text: string): void {
      const line = /^'conformance (\{.*\})'$/s.exec(text)?.[1];
      if (line) lines.push(line);
      else if (/adapter/i.test(text)) console.error(text.replace(/^'|'$/g, ''));
    },
  };
}

/** Karma serves files outside of its base path by their absolute path. */
function goldenFiles(folder: string): { id: string; url: string }[] {
  const suffix = '.safetensors';
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(suffix));
  return files.sort().map((file) => ({
    id: file.slice(0, -suffix.length).split(path.sep).join('/'),
    url: `/absolute${path.join(folder, file)}`,
  }));
}
