import { SparseGlobalPooling2D, type SparseGlobalPoolingArgs } from './layer.js';

describe('SparseGlobalPooling2D', () => {
  it('refuses the former name of its option, in a saved config too', () => {
    const config = { name: 'pool', mode: 'max' };
    const message = "pool: the option must be called 'reduction', got mode 'max'";
    expect(() => new SparseGlobalPooling2D(config as SparseGlobalPoolingArgs)).toThrowError(RangeError, message);
    expect(() => SparseGlobalPooling2D.fromConfig(SparseGlobalPooling2D, config)).toThrowError(RangeError, message);
  });

  it('comes back from its config with its reduction', () => {
    const pooling = new SparseGlobalPooling2D({ reduction: 'max' });
    expect(new SparseGlobalPooling2D(pooling.getConfig() as SparseGlobalPoolingArgs).getConfig().reduction).toBe('max');
  });
});
