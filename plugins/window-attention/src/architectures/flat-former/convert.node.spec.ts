import { architectures } from '../../convert.js';
import { checkpointOf, runGolden, without } from '../golden-fixture.node.spec.js';
import { flatFormerArchitecture } from './convert.js';

describe('the architecture flatformer', () => {
  it('gives what PyTorch gives', async () => {
    const { architecture, reason, loaded, error, assumptions } = await runGolden('flatformer', architectures);
    expect([architecture, reason]).toEqual([
      'flatformer',
      'modules middle_encoder.block_list with 1 blocks of four layers',
    ]);
    expect([loaded.missing, loaded.unused]).toEqual([[], ['voxel_encoder']]);
    expect(loaded.pairings.map(({ module, by }) => [module, by])).toEqual([
      ['middle_encoder.block_list.0.block', 'map'],
    ]);
    expect(assumptions).toEqual(['heads: 8', 'windowSize: [1,13,13]', 'groupSize: 144']);
    expect(error).toBeLessThan(1e-5);
  });

  it('names all tensors that are missing', async () => {
    const checkpoint = without(await checkpointOf('flatformer'), /block\.(1\.norm2\.weight|3\.fc2\.weight)/);
    await expectAsync(flatFormerArchitecture().build(checkpoint)).toBeRejectedWithError(
      RangeError,
      'loadTorchWeights: every layer must find its module, got block0 (no middle_encoder.block_list.0.block.1.norm2.weight, ' +
        'no middle_encoder.block_list.0.block.3.fc2.weight)',
    );
  });
});
