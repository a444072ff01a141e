import { architectures } from '../../convert.js';
import { checkpointOf, runGolden, without } from '../golden-fixture.node.spec.js';
import { dsvtArchitecture } from './convert.js';

describe('the architecture dsvt', () => {
  it('gives what PyTorch gives, with the windows of pillars', async () => {
    const { reason, loaded, error, assumptions } = await runGolden('dsvt-pillars', architectures);
    expect(reason).toBe('modules backbone_3d.stage_0 to stage_0 with 2 blocks of sets');
    expect([loaded.missing, loaded.unused]).toEqual([[], ['vfe']]);
    expect(assumptions).toEqual(['heads: 8', 'windowSizes: [[1,12,12]]', 'hybridFactor: [1,2,2]', 'setSize: 36']); // prettier-ignore
    expect(error).toBeLessThan(1e-5);
  });

  it('gives what PyTorch gives, with two stages, pooling and windows that are told', async () => {
    const settings = { windowSizes: [[8, 8, 6], [2, 8, 6]], hybridFactor: [1, 1, 2], shift: [0, 4, 3], setSize: 16, poolSizes: [[4, 2, 1]] }; // prettier-ignore
    const { loaded, error, hasSites, assumptions } = await runGolden('dsvt-voxels', [dsvtArchitecture(settings)]);
    expect([loaded.missing, loaded.unused]).toEqual([[], []]);
    expect(assumptions).toEqual(['heads: 8']);
    expect(hasSites).toBe(true);
    expect(error).toBeLessThan(1e-5);
  });

  it('names all tensors that are missing, and the sizes that it needs', async () => {
    const checkpoint = await checkpointOf('dsvt-pillars');
    const part = without(checkpoint, /stage_0\.1\.encoder_list\.1\.norm\.weight|residual_norm_stage_0\.0\.bias/);
    await expectAsync(dsvtArchitecture().build(part)).toBeRejectedWithError(
      RangeError,
      'loadTorchWeights: every layer must find its module, got stage0_block0 (no backbone_3d.residual_norm_stage_0.0.bias); ' +
        'stage0_block1 (no backbone_3d.stage_0.1.encoder_list.1.norm.weight)',
    );
    await expectAsync(dsvtArchitecture().build(await checkpointOf('dsvt-voxels'))).toBeRejectedWithError(
      RangeError,
      'dsvt: windowSizes must be given for other than 1 or 4 stages, got 2',
    );
  });
});
