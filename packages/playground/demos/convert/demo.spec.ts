import { describeDemo } from '../../src/worker/demo-fixture.spec.js';
import { demo } from './demo.js';
import { sampleNetwork } from './sample-networks.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the convert demo', () => {
  describeDemo('convert', demo, {
    file: sampleNetwork(0),
    refused: {
      file: { name: 'page.pt', contents: bytes('<!doctype html><p>Log in') },
      message: /^page\.pt must be a checkpoint, got a web page/,
    },
  });

  it('takes checkpoints and networks, and leaves other files to other demos', async () => {
    const names = [
      'a.onnx',
      'a.pth',
      'a.pt2',
      'a.tflite',
      'a.safetensors',
      'model.json',
      'a.model.json',
      'a.txt',
      'a.bin',
    ];
    const fits = await Promise.all(names.map((name) => demo.fit({ name, contents: bytes('') })));
    expect(fits).toEqual(['surely', 'surely', 'surely', 'surely', 'perhaps', 'perhaps', 'no', 'no', 'no']);
  });
});
