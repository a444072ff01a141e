import { loadShakespeareSae } from './shakespeare-sae.js';

describe('loadShakespeareSae', () => {
  it('refuses the kind of an autoencoder as options', () =>
    expectAsync(loadShakespeareSae('batchtopk' as never)).toBeRejectedWithError(
      TypeError,
      'loadShakespeareSae: options must be an object, got string',
    ));
});
