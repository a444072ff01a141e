import type { Pack } from '@tfjs-sparse/packs';
import { loadShakespeare, Shakespeare } from './shakespeare.js';

describe('loadShakespeare', () => {
  it('refuses the name of a network as options', () =>
    expectAsync(loadShakespeare('dense' as never)).toBeRejectedWithError(
      TypeError,
      'loadShakespeare: options must be an object, got string',
    ));
});

describe('Shakespeare', () => {
  const getLayer = () => ({ getConfig: () => ({ places: 4, width: 2 }) });
  const shakespeare = new Shakespeare({ model: { getLayer, layers: [] } } as never as Pack);

  it('goes on with texts alone: undefined is none', () =>
    expectAsync(shakespeare.generate(undefined as never)).toBeRejectedWithError(
      TypeError,
      'generate: prompt must be a text, got undefined',
    ));
});
