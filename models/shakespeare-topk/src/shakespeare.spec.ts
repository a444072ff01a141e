import type { Pack } from '@tfjs-sparse/packs';
import { loadShakespeare, Shakespeare } from './shakespeare.js';

describe('loadShakespeare', () => {
  it('refuses the name of a network as options', () =>
    expectAsync(loadShakespeare('dense' as never)).toBeRejectedWithError(
      TypeError,
      'loadShakespeare: options must be an object, got string',
    ));

  it('refuses an option whose name it does not know', () =>
    expectAsync(loadShakespeare({ netwrk: 'dense' } as never)).toBeRejectedWithError(
      TypeError,
      'loadShakespeare: options must be of network, source, onProgress, cache, fetch, signal, got netwrk',
    ));
});

describe('Shakespeare', () => {
  const getLayer = () => ({ getConfig: () => ({ places: 4, width: 2 }) });
  const shakespeare = new Shakespeare({ model: { getLayer, layers: Array(5) } } as never as Pack);

  it('goes on with texts alone: undefined is none', () =>
    expectAsync(shakespeare.generate(undefined as never)).toBeRejectedWithError(
      TypeError,
      'generate: prompt must be a text, got undefined',
    ));

  it('refuses to be steered by NaN', () =>
    expectAsync(shakespeare.generate('a', { steer: { block: 0, delta: [NaN, 0] } })).toBeRejectedWithError(
      RangeError,
      'generate: delta must be finite numbers, got NaN',
    ));
});
