import { describeDemo } from '../../src/worker/demo-fixture.spec.js';
import { demo } from './demo.js';
import { imageFile } from './image-file.spec.js';

describe('the fashion demo', () => {
  describeDemo('fashion', demo, {
    file: { name: 'two-images', contents: imageFile(28, 2) },
    refused: {
      file: { name: 'wide', contents: imageFile(64, 1) },
      message: /^the images of an idx file must be 28 x 28, got 64 x 64$/,
    },
  });
});
