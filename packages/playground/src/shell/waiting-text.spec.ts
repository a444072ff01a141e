import { waitingText } from './waiting-text.js';

describe('waitingText', () => {
  it('says that a backend which was picked waits for the running item, and nothing of the one that it runs on', () => {
    expect(waitingText('sphere 1', 'webgpu', 'wasm')).toBe('sphere 1 on webgpu… wasm starts once this is through.');
    expect(waitingText('sphere 1', 'webgpu', 'webgpu')).toBe('sphere 1 on webgpu…');
  });
});
