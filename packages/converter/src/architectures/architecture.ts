import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireRange } from '@tfjs-sparse/core';
import type { Checkpoint } from '../checkpoint/read-checkpoint.js';
import type { LoadedTorchWeights } from '../torch-weights/load-torch-weights.js';

/** A kind of network, which is built from the weights of a state dict alone. */
export interface Architecture {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** Keys that a state dict of such a network has, for the message where none has them. */
  readonly keys: string;
  /** Why the tensors are those of such a network (its layout, the engine), or null. */
  recognise(checkpoint: Checkpoint): string | null;
  /**
   * The network of the sizes that the weights say, with them.
   *
   * @throws RangeError that names all tensors that are missing or of other shapes
   */
  build(checkpoint: Checkpoint): Promise<BuiltNetwork>;
  /** Names of what no weight says and can be set; absent for none, `any` for a file of the library's own. */
  readonly settings?: readonly string[] | 'any';
  /** The same with other settings than the published configuration's. */
  withSettings?(settings: Readonly<Record<string, unknown>>): Architecture;
}

/** @throws RangeError for settings that it does not have */
export function withSettings(architecture: Architecture, settings: Readonly<Record<string, unknown>>): Architecture {
  const { name, settings: known = [] } = architecture;
  const unknown = known === 'any' ? [] : Object.keys(settings).filter((key) => !known.includes(key));
  requireRange(
    unknown.length === 0,
    name,
    `settings must be of ${[...known].join(', ') || 'none'}`,
    unknown.join(', '),
  );
  return architecture.withSettings?.(settings) ?? architecture;
}

export interface BuiltNetwork {
  readonly model: LayersModel;
  /** Which layer has which module's tensors, and the modules that none has. */
  readonly loaded: LoadedTorchWeights;
  /** Sizes that no weight says and that are the published configuration's, one text each. */
  readonly assumptions: readonly string[];
}

export interface ChosenArchitecture {
  readonly architecture: Architecture;
  /** What `recognise` says. */
  readonly reason: string;
}

/**
 * The architecture of a checkpoint's network: that of the name, or the only one that recognises its keys.
 *
 * @throws RangeError where no architecture has the name, the named one does not recognise the checkpoint, or none or several
 *   do; the message says which keys were looked for
 */
export function chooseArchitecture(
  checkpoint: Checkpoint,
  architectures: readonly Architecture[],
  name?: string,
): ChosenArchitecture {
  const names = architectures.map((each) => each.name);
  requireRange(name === undefined || names.includes(name), op, `name must be one of ${names.join(', ')}`, name);
  const candidates = name === undefined ? architectures : architectures.filter((each) => each.name === name);
  const found = candidates.flatMap((architecture) => {
    const reason = architecture.recognise(checkpoint);
    return reason === null ? [] : [{ architecture, reason }];
  });
  const all = `one of ${names.join(', ')}`;
  const looked = candidates.length <= 2 ? candidates.map((each) => `${each.name} (${each.keys})`).join('; ') : all;
  requireRange(found.length > 0, op, `checkpoint must have the keys of ${looked}`, firstKeys(checkpoint));
  const several = found.map(({ architecture, reason }) => `${architecture.name} (${reason})`).join('; ');
  requireRange(
    found.length === 1,
    op,
    'name must be given where several architectures recognise a checkpoint',
    several,
  );
  return found[0];
}

const op = 'chooseArchitecture';
const keysShown = 8; // enough to see the naming of a file

function firstKeys({ tensors }: Checkpoint): string {
  const shown = tensors.slice(0, keysShown).map(({ path }) => path);
  return tensors.length > keysShown ? `${shown.join(', ')}, … (${tensors.length} tensors)` : shown.join(', ');
}
