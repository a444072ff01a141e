import {
  readCheckpoint,
  sparsitySvg,
  type ByteSource,
  type Checkpoint,
  type ConvertedFile,
} from '@tfjs-sparse/converter/checkpoints';
import type { Network } from '../../src/demo.js';
import { plainMessage } from '../../src/plain-message.js';
import { adviceOn } from './advice.js';
import { convertModel, denseModel, describeConverted } from './convert-model.js';
import { findNetwork, inspectModel, type InspectedModel } from './inspect-model.js';
import { measureModel } from './measure-model.js';
import { openSource, settingsBeside } from './open-source.js';
import { isRefused } from './reach-check.js';
import type { ConvertSettings, Drawn, MeasureTask, Opened, OpenModel, Outcome, Task, Weight } from './tasks.js';
import { valueHistogram } from './value-histogram.js';

type Report = (text: string, share: number) => void;

interface ReadModel {
  readonly id: string;
  readonly source: ByteSource;
  readonly checkpoint: Checkpoint;
  /** Once it was looked at. */
  inspected: InspectedModel | null;
}

/** Does what the page asks for, and keeps the model that was opened last and what became of it. */
export class ConverterSession implements Network<Task, Outcome> {
  #read: ReadModel | null = null;
  readonly #converted = new LastMade();
  readonly #dense = new LastMade();

  async run(task: Task, report: Report = () => {}): Promise<Outcome> {
    try {
      return await this.#done(task, report);
    } catch (error) {
      if (!(error instanceof RangeError)) console.error(error); // with its stack
      const message = plainMessage(error).replace(/^(convert|verify): /, '');
      return { task: 'refused', of: task.task, message, advice: adviceOn(message, task.task) };
    }
  }

  #done(task: Task, report: Report): Promise<Outcome> {
    switch (task.task) {
      case 'open':
        return this.#open(task.model, report);
      case 'weight':
        return this.#weight(task.model, task.path);
      case 'draw':
        return this.#draw(task.model, report);
      case 'convert':
        return this.#convert(task.model, task.settings);
      case 'measure':
        return this.#measure(task);
      case 'reach':
        return isRefused().then((is) => ({ task: 'reach', isRefused: is }));
    }
  }

  async #open(model: OpenModel, report: Report): Promise<Opened> {
    const read = await this.#modelOf(model);
    const { source, checkpoint } = read;
    read.inspected ??= await inspectModel(checkpoint, report);
    const { weights, totals } = read.inspected;
    return {
      task: 'open',
      name: source.name,
      fileBytes: source.size,
      format: checkpoint.format,
      metadata: [...checkpoint.metadata],
      weights,
      totals,
      network: await findNetwork(source, checkpoint),
      settings: await settingsBeside(model.source),
    };
  }

  async #weight(model: OpenModel, path: string): Promise<Weight> {
    const { checkpoint } = await this.#modelOf(model);
    const tensor = checkpoint.tensors.find((each) => each.path === path)?.tensor;
    if (!tensor) throw new RangeError(`path must be a tensor of the file, got ${path}`);
    return { task: 'weight', path, histogram: await valueHistogram(tensor) };
  }

  async #draw(model: OpenModel, report: Report): Promise<Drawn> {
    const read = await this.#modelOf(model);
    const { source } = read;
    read.inspected ??= await inspectModel(read.checkpoint, report);
    const { pictures } = read.inspected;
    const svg = new Blob([sparsitySvg(source.name, pictures)], { type: 'image/svg+xml' });
    return { task: 'draw', file: { name: `${source.name}.svg`, blob: svg } };
  }

  async #convert(model: OpenModel, settings: ConvertSettings): Promise<Outcome> {
    const { source, checkpoint } = await this.#modelOf(model);
    const { isInFile, architecture, reason } = await findNetwork(source, checkpoint);
    const isKnown = isInFile || (settings.architecture ?? architecture) !== null;
    if (!isKnown) throw new RangeError(`${source.name} must have a network or weights of a known one, got ${reason}`);
    const begin = performance.now();
    const file = await this.#convertedOf(model, settings);
    return describeConverted(file, source.name, performance.now() - begin);
  }

  async #measure(task: MeasureTask): Promise<Outcome> {
    const converted = await this.#convertedOf(task.model, task.settings);
    const isSame = task.settings.precision === 'float32' && converted.pruned.length === 0 && converted.report.every(({ kernel }) => kernel === null); // prettier-ignore
    const dense = isSame ? null : await this.#denseOf(task.model, task.settings);
    return measureModel(converted, dense, task);
  }

  async #convertedOf(model: OpenModel, settings: ConvertSettings): Promise<ConvertedFile> {
    const { source } = await this.#modelOf(model);
    return this.#converted.get(`${model.id} ${JSON.stringify(settings)}`, () => convertModel(source, settings));
  }

  /** The file's own network, whatever is pruned or stored. */
  async #denseOf(model: OpenModel, settings: ConvertSettings): Promise<ConvertedFile> {
    const { source } = await this.#modelOf(model);
    const key = JSON.stringify([model.id, settings.architecture, settings.settings, settings.inputs]);
    return this.#dense.get(key, () => denseModel(source, settings));
  }

  async #modelOf({ id, source }: OpenModel): Promise<ReadModel> {
    if (this.#read?.id === id) return this.#read;
    const opened = await openSource(source);
    this.#read = { id, source: opened, checkpoint: await readCheckpoint(opened), inspected: null };
    return this.#read;
  }
}

/** Keeps what was made last: models may be large. */
class LastMade {
  #last: { readonly key: string; readonly file: ConvertedFile } | null = null;

  async get(key: string, make: () => Promise<ConvertedFile>): Promise<ConvertedFile> {
    if (this.#last?.key === key) return this.#last.file;
    this.#last = null;
    const file = await make();
    this.#last = { key, file };
    return file;
  }
}
