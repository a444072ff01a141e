import { blobSource, bytesSource, FormatError, urlSource, type ByteSource } from '@tfjs-sparse/converter/checkpoints';
import { sampleNetwork } from './sample-networks.js';
import type { ModelSource, NamedBlob } from './tasks.js';

/** The file of a model; the others that came with it are beside it. */
export async function openSource(source: ModelSource): Promise<ByteSource> {
  switch (source.kind) {
    case 'files':
      return fileSource(source.files);
    case 'sample': {
      const { name, contents } = sampleNetwork(source.index);
      return bytesSource(name, contents);
    }
    case 'url':
      return openUrl(source.url);
  }
}

/** The text of a cfg.json among the files; null for none. */
export async function settingsBeside(source: ModelSource): Promise<string | null> {
  const files = source.kind === 'files' ? source.files : [];
  const found = files.find(({ name }) => /^(cfg|config|settings)\.json$/i.test(name));
  return files.length > 1 && found ? found.blob.text() : null;
}

/** What leads to the others comes first. */
const mainNames = [
  /(^|[^.])model\.json$/i,
  /\.index\.json$/i,
  /\.onnx$/i,
  /\.(pt|pth|pt2|ckpt)$/i,
  /\.tflite$/i,
  /\.safetensors$/i,
];

function fileSource(files: readonly NamedBlob[]): ByteSource {
  const main = mainNames.flatMap((name) => files.find((file) => name.test(file.name)) ?? [])[0] ?? files[0];
  const sourceOf = ({ name, blob }: NamedBlob): ByteSource => ({
    ...blobSource(name, blob),
    sibling: async (path) => {
      const found = files.find((file) => file.name === path.replace(/^.*[/\\]/, ''));
      return found ? sourceOf(found) : null;
    },
  });
  return sourceOf(main);
}

async function openUrl(url: string): Promise<ByteSource> {
  try {
    return await urlSource(url);
  } catch (error) {
    if (!(error instanceof FormatError) || error.cause === undefined) throw error; // there was an answer
    const rule = `${new URL(url).host} must let other pages read it (CORS), without leading to a third server`;
    throw new FormatError(`${rule}, got no answer`, { cause: error });
  }
}
