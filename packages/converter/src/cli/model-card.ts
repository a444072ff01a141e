/** What a card begins with. */
export interface ModelCard {
  readonly name: string;
  /** Packages that bring the model's ops or layers. */
  readonly plugins: readonly string[];
  readonly isGraph: boolean;
  /** Where the golden's outputs are from. */
  readonly source: string;
  /** Largest error against them. */
  readonly worst: number;
}

/** README.md of a pack, with what only its maker knows left open. */
export function modelCard({ name, plugins, isGraph, source, worst }: ModelCard): string {
  const [entry, load] = isGraph ? ['graph-ops', 'loadGraphPack'] : ['layers', 'loadPack'];
  const imports = plugins.map((plugin) => `import '${plugin}/${entry}';`);
  const from = isGraph ? '@tfjs-sparse/packs/graph' : '@tfjs-sparse/packs';
  return `# ${name}

(One sentence: what the model does, on what input.)

\`\`\`js
${["import '@tensorflow/tfjs';", ...imports, `import { ${load} } from '${from}';`].join('\n')}

const { manifest, model } = await ${load}('${name}'); // the folder's URL, or in Node its path
\`\`\`

## Network

(Layers, sizes, which weights are sparse and how.)

## Quality

(On a stated test set, beside the dense network.)

The outputs of golden.safetensors are from ${source}; this model gives them within ${worst.toExponential(1)}.

## Training data and licence

(What it was trained on, by whom, and under which licence data and weights are.)
`;
}
