import type { ByteSource } from '../../bytes/byte-source.js';
import { QuantizedTensor } from '../../checkpoint/quantized-tensor.js';
import { StoredTensor } from '../../checkpoint/stored-tensor.js';
import { requireFormat } from '../../format-error.js';
import { storedConstant } from '../../lowering/stored-constant.js';
import type { TensorBuilder } from '../../lowering/tensor-builder.js';
import type { Archive } from '../archive.js';
import { PickleDict, PickleList, PickleObject, PickleTuple, type PickleValue } from '../pickle/values.js';
import { readPickle, rootOf } from '../read-torch.js';
import { isBuiltin } from './builtins.js';
import { isCovered } from './call-aten.js';
import type { ScriptSurroundings } from './interpreter.js';
import { untagged } from './script-inputs.js';
import { parseScript } from './parse-script.js';
import { scriptOps } from './script-ops.js';
import { refusal, ScriptDict, ScriptList, ScriptModule, ScriptTuple, type ScriptValue } from './script-values.js';
import type { ScriptClass, ScriptFile, ScriptFunction } from './syntax.js';
import { FixedTensor, type TensorBox } from './tensor-box.js';
import { reader } from './tokens.js';

const mostCodeBytes = 2 ** 24; // of a file
const handled = new Set(['annotate', 'unchecked_cast', 'uninitialized', 'getattr', 'range']);

/** The modules, code and constants of an archive of TorchScript, read as they are needed. */
export class ScriptObjects implements ScriptSurroundings {
  readonly #files = new Map<string, Promise<ScriptFile | null>>();
  readonly #modules = new Map<PickleObject, Promise<ScriptModule>>();
  readonly #tensors = new Map<PickleValue, TensorBox>();
  #constants: Promise<readonly PickleValue[]> | undefined;

  private constructor(
    private readonly source: ByteSource,
    private readonly archive: Archive,
    private readonly folder: string,
    private readonly builder: TensorBuilder,
  ) {}

  static async of(source: ByteSource, archive: Archive, builder: TensorBuilder): Promise<ScriptObjects> {
    return new ScriptObjects(source, archive, rootOf(source, archive), builder);
  }

  async root(): Promise<ScriptModule> {
    const { value } = await readPickle(this.source, this.archive, this.folder, 'data');
    requireFormat(value instanceof PickleObject, reader, `${this.source.name} must hold a module`, 'another value');
    return this.#module(value, '');
  }

  /** What a trace was made with, where the file keeps it. */
  async tracedInputs(): Promise<readonly PickleValue[]> {
    if (!this.#has('traced_inputs.pkl')) return [];
    const { value } = await readPickle(this.source, this.archive, this.folder, 'traced_inputs', false);
    const ofMethods = untagged(value);
    return itemsOfPickle(ofMethods instanceof PickleDict ? (ofMethods.get('forward') ?? null) : ofMethods);
  }

  async functionAt(path: string): Promise<ScriptFunction | null> {
    const [file, name] = splitPath(path);
    return (await this.#file(file))?.functions.get(name) ?? null;
  }

  async constant(name: string): Promise<ScriptValue> {
    this.#constants ??= readPickle(this.source, this.archive, this.folder, 'constants').then(({ value }) => itemsOfPickle(value)); // prettier-ignore
    const value = (await this.#constants)[Number(name.slice(1))];
    requireFormat(value !== undefined, reader, 'a script must have the constants that it reads', name);
    return this.#value(value, name);
  }

  async attribute(module: ScriptModule, name: string): Promise<ScriptValue | undefined> {
    const known = module.attributes.get(name);
    if (known !== undefined) return known;
    const { state } = module.object;
    const value = state instanceof PickleDict ? state.get(name) : undefined;
    if (value === undefined) return undefined;
    const made = await this.#value(value, module.path === '' ? name : `${module.path}.${name}`);
    module.attributes.set(name, made);
    return made;
  }

  async uncovered(): Promise<readonly string[]> {
    const found = new Set<string>();
    const files = this.archive.names.filter((name) => name.startsWith(`${this.folder}code/`) && name.endsWith('.py'));
    for (const file of files) {
      for (const [, path, name] of (await this.#text(file)).matchAll(/\b((?:torch|ops\.\w+)\.(\w+))\(/g)) {
        if (!isCovered(name) && !isBuiltin(name) && !Object.hasOwn(scriptOps, name) && !handled.has(name))
          found.add(path);
      }
    }
    return [...found];
  }

  #has(name: string): boolean {
    return this.archive.names.includes(this.folder + name);
  }

  async #text(name: string): Promise<string> {
    const entry = this.archive.entry(name);
    requireFormat(entry.size <= mostCodeBytes, reader, `${name} must have at most ${mostCodeBytes} bytes`, entry.size);
    return new TextDecoder().decode(await entry.read(0, entry.size));
  }

  /** `__torch__.torch.nn.modules.conv` */
  #file(path: string): Promise<ScriptFile | null> {
    const name = `${this.folder}code/${path.replaceAll('.', '/')}.py`;
    const known = this.#files.get(name);
    if (known) return known;
    const read = this.archive.names.includes(name) ? this.#text(name).then((text) => parseScript(text, name)) : Promise.resolve(null); // prettier-ignore
    this.#files.set(name, read);
    return read;
  }

  #module(object: PickleObject, path: string): Promise<ScriptModule> {
    const known = this.#modules.get(object);
    if (known) return known;
    const className = object.made.path;
    const [file, name] = splitPath(className);
    const made = this.#file(file).then((code) => {
      return new ScriptModule(className, (code?.classes.get(name) as ScriptClass | undefined) ?? null, object, path);
    });
    this.#modules.set(object, made);
    return made;
  }

  async #value(tagged: PickleValue, path: string): Promise<ScriptValue> {
    const value = untagged(tagged);
    if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
      return value;
    if (value instanceof StoredTensor || value instanceof QuantizedTensor) return this.#tensor(value, path);
    if (value instanceof PickleObject && value.made.module === 'torch.jit._pickle')
      return this.#value(value.args[0], path); // a list or dict with its type
    if (value instanceof PickleObject) return this.#module(value, path);
    const each = async (items: readonly PickleValue[]) => {
      const made: ScriptValue[] = [];
      for (const [i, item] of items.entries()) made.push(await this.#value(item, `${path}.${i}`));
      return made;
    };
    if (value instanceof PickleList) return new ScriptList(await each(value.items));
    if (value instanceof PickleTuple) return new ScriptTuple(await each(value.items));
    if (value instanceof PickleDict) {
      const items = await each([...value.entries.values()]);
      return new ScriptDict(new Map([...value.entries.keys()].map((key, i) => [String(key), items[i]])));
    }
    throw refusal('modules, tensors, numbers and texts', path);
  }

  async #tensor(tensor: StoredTensor | QuantizedTensor, path: string): Promise<TensorBox> {
    const known = this.#tensors.get(tensor);
    if (known) return known;
    const { scope } = this.builder;
    this.builder.scope = path;
    const made = new FixedTensor(await storedConstant(this.builder, tensor));
    this.builder.scope = scope;
    this.#tensors.set(tensor, made);
    return made;
  }
}

function itemsOfPickle(tagged: PickleValue): readonly PickleValue[] {
  const value = untagged(tagged);
  return value instanceof PickleTuple || value instanceof PickleList ? value.items : [];
}

/** The file and the name in it. */
function splitPath(path: string): readonly [string, string] {
  const dot = path.lastIndexOf('.');
  return [path.slice(0, dot), path.slice(dot + 1)];
}
