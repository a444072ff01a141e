import type { Checkpoint } from '@tfjs-sparse/converter/checkpoints';
import { checkpointOf, runGolden, without } from '../golden-fixture.node.spec.js';
import { secondArchitecture } from './convert.js';

const spatialShape = [41, 20, 24];

/** With keys in the layout of mmdet3d. */
function renamed(checkpoint: Checkpoint): Checkpoint {
  const name = (path: string) => path.replace(/^conv(\d)\./, 'encoder_layers.encoder_layer$1.');
  const tensors = checkpoint.tensors.map((each) => ({ ...each, path: name(each.path), keys: [name(each.path)] }));
  return { ...checkpoint, tensors };
}

describe('the architecture second', () => {
  const cases = [
    ['second-spconv2', 'backbone_3d.conv_input to conv_out of OpenPCDet with plain blocks, weights of spconv 2.x', ['dense_head']], // prettier-ignore
    ['second-spconv1', 'conv_input to conv_out of OpenPCDet with plain blocks, weights of spconv 1.x', []],
    ['second-residual', 'conv_input to conv_out of OpenPCDet with residual blocks, weights of spconv 2.x', []],
  ] as const;
  for (const [name, found, unused] of cases) {
    it(`gives what PyTorch gives (${name})`, async () => {
      const { architecture, reason, loaded, error, hasSites } = await runGolden(name, spatialShape);
      expect([architecture, reason]).toEqual(['second', `modules ${found}`]);
      expect([loaded.missing, loaded.unused]).toEqual([[], [...unused]]);
      expect(loaded.pairings.every(({ by }) => by === 'map')).toBe(true);
      expect(hasSites).toBe(true);
      expect(error).toBeLessThan(1e-5);
    });
  }

  it('knows the names of mmdet3d', async () => {
    const checkpoint = renamed(await checkpointOf('second-spconv1'));
    expect(secondArchitecture.recognise(checkpoint)).toContain('of mmdet3d with plain blocks, weights of spconv 1.x');
    const { model, loaded } = await secondArchitecture.build(checkpoint);
    expect([loaded.missing, loaded.unused]).toEqual([[], []]);
    model.dispose();
  });

  it('names all modules that are missing', async () => {
    const checkpoint = without(await checkpointOf('second-residual'), /^conv(1\.1\.bn2|3\.0\.1)\./);
    await expectAsync(secondArchitecture.build(checkpoint)).toBeRejectedWithError(
      RangeError,
      /map must have paths of .*, got conv1\.1\.bn2, conv3\.0\.1$/,
    );
  });
});
