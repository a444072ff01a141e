import { input, model as makeModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import {
  torchModules,
  type Architecture,
  type BuiltNetwork,
  type Checkpoint,
} from '@tfjs-sparse/converter/checkpoints';
import '../layers.js';
import { saeFromCheckpoint } from './convert.js';
import { libraryNames, libraryOf, type LibraryConfig } from './library-formats.js';

/** Tensors that an autoencoder has beside its matrices; networks of other kinds with an encoder and a decoder have none of them. */
const ownNames = /^(latent_bias|b_dec|decoder_bias|bias)$/;

/**
 * Sparse autoencoders (`saeFromCheckpoint`) as a model of one layer: activations `[rows, width]` to their reconstruction.
 *
 * @param config what the tensors do not say: cfg.json of sparsify and SAELens, `{ dict_class, k }` of dictionary_learning
 */
export function saeArchitecture(config: LibraryConfig = {}): Architecture {
  return {
    name: 'sae',
    summary: 'sparse autoencoders of openai/sparse_autoencoder, sparsify, SAELens and dictionary_learning',
    keys: libraryNames,
    recognise(checkpoint) {
      const names = namesIn(checkpoint);
      const library = names.some((name) => ownNames.test(name)) ? libraryOf(names) : null;
      return library && `tensors ${names.join(', ')}, which are those of ${library}`;
    },
    build: (checkpoint) => build(checkpoint, config),
    settings: 'any',
    withSettings: (given) => saeArchitecture({ ...config, ...given }),
  };
}

function namesIn(checkpoint: Checkpoint): string[] {
  const modules = torchModules(checkpoint);
  return modules.flatMap(({ path, names }) => names.map((name) => (path === '' ? name : `${path}.${name}`)));
}

async function build(checkpoint: Checkpoint, config: LibraryConfig): Promise<BuiltNetwork> {
  const { layer, library } = await saeFromCheckpoint(checkpoint, config);
  const shapes = layer.weights.map(({ shape }) => shape.map(Number));
  const [[, width]] = shapes; // the encoder's [features, width]
  const x = input({ shape: [width], name: 'activations' });
  const model = makeModel({ inputs: x, outputs: layer.apply(x) as SymbolicTensor, name: `sae_${library}` });
  const pairing = { layer: layer.name, module: '', by: 'map', shapes, note: null, unread: [] } as const;
  return { model, loaded: { pairings: [pairing], missing: [], unused: [] }, assumptions: [] };
}
