import { blobSource, bytesSource } from '../bytes/byte-source.js';
import { readCheckpoint } from '../checkpoint/read-checkpoint.js';
import { convertFile } from './convert-file.js';

const source = bytesSource('net.onnx', new Uint8Array(1));
const refused = (promise: Promise<unknown>, message: RegExp) => expectAsync(promise).toBeRejectedWithError(message);

describe('convertFile', () => {
  it('refuses what is no source, as readCheckpoint does', async () => {
    const rule = 'source must be bytesSource, blobSource, await urlSource or await fileSource of a file';
    for (const [value, got] of [
      [undefined, 'undefined'],
      ['net.onnx', 'string'],
      [new Uint8Array(3), 'Uint8Array'],
      [Promise.resolve(source), 'Promise'],
    ] as const) {
      // prettier-ignore
      await refused(convertFile(value as never), new RegExp(`^convertFile: ${rule}, got ${got}$`));
      await refused(readCheckpoint(value as never), new RegExp(`^readCheckpoint: ${rule}, got ${got}$`));
    }
    expect(() => bytesSource('a', 'text' as never)).toThrowError('bytesSource: bytes must be a Uint8Array, got string');
    expect(() => blobSource('a', {} as never)).toThrowError(/^blobSource: blob must be a Blob or a File, got /);
  });

  it('refuses options of other names and kinds', async () => {
    const given = (options: unknown) => convertFile(source, options as never);
    await refused(given(5), /^convertFile: options must be an object, got /);
    for (const name of ['plugin', 'prune', 'quantize']) await refused(given({ [name]: 1 }), new RegExp(`^convertFile: options must be of plugins, .*, got ${name}$`)); // prettier-ignore
    await refused(given({ plugins: {} }), /^convertFile: plugins must be a list, got /);
    await refused(
      given({ plugins: [{ converterPlugin: {} }] }),
      /plugins must be converterPlugin of packages' \/convert/,
    );
    await refused(given({ precision: 'int3' }), /precision must be one of float16, int8, int4, got int3/);
    await refused(given({ pruning: '2:4' }), /pruning must be \{ share \} or \{ n, m \}, got string/);
    await refused(given({ inputs: { x: [null, 64] } }), /inputs\.x must be like \{ shape: \[null, 3, 224, 224\] \}/);
    await refused(given({ architecture: 7 }), /architecture must be the name of one/);
  });
});
