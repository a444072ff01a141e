import { chooseBackend } from './choose-backend.js';

describe('chooseBackend', () => {
  it('refuses the name of a backend, which it would not heed', () =>
    expectAsync(chooseBackend('wasm' as never)).toBeRejectedWithError(
      TypeError,
      'chooseBackend: there must be no argument (setBackend of tfjs takes a name), got wasm',
    ));
});
