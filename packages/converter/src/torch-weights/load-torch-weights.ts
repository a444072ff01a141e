import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { layers, LayersModel } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import { isModel, layersOf } from '@tfjs-sparse/layers';
import type { Checkpoint } from '../checkpoint/read-checkpoint.js';
import type { RuleSet } from '../rule.js';
import { byName, commonStart, mappedModules, requireNames } from './module-names.js';
import { tfjsLayerRules } from './tfjs-layer-rules.js';
import { torchModules, type TorchModule, type TorchParameter } from './torch-module.js';
import type { TorchRule } from './torch-rule.js';
import { sourcedWeights, type WeightSources } from './weight-sources.js';

export interface LoadTorchOptions {
  /** Rules of plugins for their layers, such as `sparseConvRules` of `@tfjs-sparse/sparse-conv/convert`. */
  readonly rules?: readonly Pick<RuleSet, 'torch'>[];
  /** Names of layers by the paths of modules, for those that are not found by themselves. */
  readonly map?: Readonly<Record<string, string>>;
  /** Of layers that are made of several modules, by the layers' names. */
  readonly sources?: Readonly<Record<string, WeightSources>>;
  /** Leaves layers that no module fits as they are; default false: an error that names them all. */
  readonly isPartial?: boolean;
}

/** A layer and the module whose tensors it has now; of several modules the start that their paths have in common. */
export interface TorchPairing {
  readonly layer: string;
  readonly module: string;
  /** Why these two: `map` or `sources` say so, their names are alike, or it is the next module in the file that fits. */
  readonly by: 'map' | 'name' | 'order';
  /** Shapes of the layer's weights. */
  readonly shapes: readonly (readonly number[])[];
  /** What differs between torch's module and the layer though weights fit; null for nothing. */
  readonly note: string | null;
  /** Paths of the modules' tensors that the layer has no place for, such as a bias; counters apart. */
  readonly unread: readonly string[];
}

export interface LoadedTorchWeights {
  readonly pairings: readonly TorchPairing[];
  /** Layers with weights that no module fits, with what was tried. */
  readonly missing: readonly { readonly layer: string; readonly reason: string }[];
  /** Paths of modules that no layer has taken. */
  readonly unused: readonly string[];
}

const op = 'loadTorchWeights';

/**
 * Gives the layers of a model the weights of a PyTorch checkpoint: `load_state_dict` for models of tfjs. Each layer takes the
 * module that `map` says, else the one with its name (dots, slashes and underscores are alike), else the next one in the
 * file, behind that of the layer before, whose tensors fit. Masks of torch.nn.utils.prune are folded in.
 *
 * @param model built; its weights change together at the end, or not at all
 * @throws RangeError where a layer finds no module, or a name of `map` is none; the message names all of them
 */
export async function loadTorchWeights(
  model: LayersModel,
  checkpoint: Checkpoint,
  { rules = [], map = {}, sources = {}, isPartial = false }: LoadTorchOptions = {},
): Promise<LoadedTorchWeights> {
  const modules = torchModules(checkpoint);
  const all = [...rules.flatMap(({ torch = [] }) => torch), ...tfjsLayerRules];
  const withWeights = layersOf(model).filter((layer) => !isModel(layer) && layer.getWeights().length > 0);
  const mapped = mappedModules(op, map, modules, withWeights);
  requireNames(op, 'sources', Object.keys(sources), withWeights);
  const matches: { layer: layers.Layer; match: Match }[] = [];
  const missing: { layer: string; reason: string }[] = [];
  const taken = new Set<TorchModule>(mapped.values());
  const named = byName(modules, withWeights, mapped);
  for (const module of named.values()) taken.add(module);
  let next = 0; // in the order of the file
  for (const layer of withWeights) {
    if (sources[layer.name]) {
      const found = await sourcedWeights(layer, sources[layer.name], modules);
      if (typeof found === 'string') missing.push({ layer: layer.name, reason: found });
      else {
        for (const module of found.modules) taken.add(module);
        matches.push({ layer, match: { ...found, by: 'map' } });
      }
      continue;
    }
    const rule = all.find(({ layers: classes }) => classes.includes(layer.getClassName()));
    if (!rule) {
      missing.push({ layer: layer.name, reason: `no rule knows ${layer.getClassName()}` });
      continue;
    }
    const given = mapped.get(layer) ?? named.get(layer);
    const by = mapped.has(layer) ? 'map' : 'name';
    const found = given ? await tried(rule, given, layer, by) : await inOrder(rule, modules, layer, taken, next);
    if (typeof found === 'string') {
      missing.push({ layer: layer.name, reason: found });
      continue;
    }
    for (const module of found.modules) {
      taken.add(module);
      next = Math.max(next, modules.indexOf(module) + 1);
    }
    matches.push({ layer, match: found });
  }
  const list = missing.map(({ layer, reason }) => `${layer} (${reason})`).join('; ');
  requireRange(isPartial || missing.length === 0, op, 'every layer must find its module', list);
  for (const { layer, match } of matches) setWeights(layer, match.weights);
  return {
    pairings: matches.map(({ layer, match: { modules: own, by, weights } }) => ({
      layer: layer.name,
      module: commonStart(own.map(({ path }) => path)),
      by,
      shapes: weights.map(({ shape }) => shape),
      note: noteOf(layer),
      unread: own.flatMap(({ path, unread }) => unread.map((name) => (path === '' ? name : `${path}.${name}`))),
    })),
    missing,
    unused: modules.filter((module) => !taken.has(module)).map(({ path }) => path),
  };
}

interface Match {
  readonly modules: readonly TorchModule[];
  readonly by: TorchPairing['by'];
  readonly weights: readonly TorchParameter[];
}

async function inOrder(
  rule: TorchRule,
  modules: readonly TorchModule[],
  layer: layers.Layer,
  taken: ReadonlySet<TorchModule>,
  next: number,
): Promise<Match | string> {
  let first: string | null = null;
  for (const module of modules.slice(next)) {
    if (taken.has(module)) continue;
    const found = await tried(rule, module, layer, 'order');
    if (typeof found !== 'string') return found;
    first ??= found;
  }
  return first ?? 'no module is left';
}

/** The weights of a module for a layer, or why it does not fit. */
async function tried(
  rule: TorchRule,
  module: TorchModule,
  layer: layers.Layer,
  by: Match['by'],
): Promise<Match | string> {
  const weights = await rule.weights(module, layer);
  const of = `${module.path || 'the network'}: `;
  if (typeof weights === 'string') return of + weights;
  const wanted = layer.getWeights().map(({ shape }) => `[${shape.join(', ')}]`);
  const given = weights.map(({ shape }) => `[${shape.join(', ')}]`);
  if (wanted.join() !== given.join()) return `${of}its weights would be ${given.join(', ')}, not ${wanted.join(', ')}`;
  return { modules: [module], by, weights };
}

function setWeights(layer: layers.Layer, weights: readonly TorchParameter[]): void {
  tidy(() => layer.setWeights(weights.map(({ shape, values }) => tensor(values, [...shape], 'float32'))));
}

const torchEpsilon = 1e-5;

/** torch's normalizations add 1e-5 unless they are told otherwise, which no state dict says. */
function noteOf(layer: layers.Layer): string | null {
  const { epsilon } = layer.getConfig() as { epsilon?: number };
  if (epsilon === undefined || epsilon === torchEpsilon) return null;
  return `its epsilon is ${epsilon}; torch's default is ${torchEpsilon}`;
}
