import { dispose, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import type { ShakespeareSae } from '@tfjs-sparse/shakespeare-sae';
import { alphabet, type Shakespeare } from '@tfjs-sparse/shakespeare-topk';
import { denseCode } from '@tfjs-sparse/topk';
import type { Network } from '../../src/demo.js';
import { fileError, requireFile } from '../../src/files/require-file.js';
import { knownText } from './known-text.js';
import { measureQuality } from './measure-quality.js';
import { describeSae } from './opened-sae.js';
import { steeringOf } from './steering.js';
import { strongestFirst } from './strongest-first.js';
import type { Outcome, Passage, Reading, SaeKind, ScannedPart, ScanPart, Task, Writing, Written } from './tasks.js';
import { measureTimes } from './measure-times.js';
import { TopExamples } from './top-examples.js';

const mostRead = 100_000; // characters; the activations of some 400,000 do not fit wasm's memory

/** Does the tasks: the transformer, and the autoencoders of its residual stream. */
export class FeatureModel implements Network<Task, Outcome> {
  constructor(
    private readonly shakespeare: Shakespeare,
    private readonly saes: Readonly<Record<SaeKind, ShakespeareSae>>,
  ) {}

  async run(task: Task): Promise<Outcome> {
    switch (task.task) {
      case 'read':
        return this.#read(task);
      case 'scan':
        return this.#scan(task);
      case 'write':
        return this.#write(task);
      case 'time': {
        const residual = this.#residual(task.text, this.saes[task.kind].block);
        return measureTimes(this.saes[task.kind].layer, residual).finally(() => residual.dispose());
      }
      case 'open': {
        const residual = this.#residual(task.text, this.saes.topk.block);
        return describeSae(task, residual).finally(() => residual.dispose());
      }
      case 'configure':
        throw fileError(
          'the configuration of an autoencoder must come with it, as --sae-config JSON (settings of a pattern of attention have tokens, left or other keys)',
          'it as --input',
        );
    }
  }

  async #read({ text: given, kind }: Passage): Promise<Reading> {
    const sae = this.saes[kind];
    const { text, unknown, unknownCount } = knownText(given.slice(0, mostRead), alphabet);
    requireFile(text.length > 0, 'a text must have a character', 'none');
    const start = performance.now();
    const residual = this.#residual(text, sae.block);
    const code = tidy(() => denseCode(sae.encode(residual)));
    const activations = await code.data<'float32'>();
    const ms = performance.now() - start;
    const quality = await measureQuality(residual, code, tidy(() => sae.reconstruct(residual))); // prettier-ignore
    dispose([residual, code]);
    return {
      task: 'read',
      text,
      unknown,
      unknownCount,
      omittedCount: Math.max(0, given.length - mostRead),
      ...strongestFirst(activations, sae.features),
      quality,
      featureCount: sae.features,
      block: sae.block,
      ms,
      fingerprint: [this.shakespeare, sae].map(({ pack }) => weightsOf(pack.manifest.files)).join(),
    };
  }

  async #scan({ text, start, kind }: ScanPart): Promise<ScannedPart> {
    const sae = this.saes[kind];
    const code = tidy(() => denseCode(sae.encode(this.#residual(text, sae.block))));
    const examples = new TopExamples(sae.features);
    examples.addText(await code.data<'float32'>(), start);
    code.dispose();
    return { task: 'scan', examples: examples.toArrays() };
  }

  async #write({ prompt, length, temperature, seed, kind, steering }: Writing): Promise<Written> {
    const sae = this.saes[kind];
    const steer = steering ? await steeringOf(sae, steering) : undefined;
    const { text } = knownText(prompt, alphabet);
    return { task: 'write', text: await this.shakespeare.generate(text, { length, temperature, seed, steer }) };
  }

  /** `[characters, width]`; other characters than the alphabet's are spaces. */
  #residual(text: string, block: number): Tensor2D {
    return this.shakespeare.activations(knownText(text, alphabet).text, block);
  }
}

function weightsOf(files: readonly { readonly role: string; readonly sha256: string }[]): string {
  return files.flatMap(({ role, sha256 }) => (role === 'weights' ? [sha256] : [])).join();
}
