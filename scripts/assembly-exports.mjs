/** What TypeScript passes for a parameter of a type of AssemblyScript; other types (v128) stay inside. */
const types = {
  ...Object.fromEntries(
    ['usize', 'isize', 'i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'f32', 'f64'].map((t) => [t, 'number']),
  ),
  bool: 'boolean', // as a parameter; a result is 0 or 1
  i64: 'bigint',
  u64: 'bigint',
};

/** Parameters that the engine itself gives to a kernel whose items are spread over threads: `firstTile, endTile, thread`. */
const itemParameters = [/^first/, /^end/, /^thread$/];

/**
 * The exports of AssemblyScript sources that TypeScript can call.
 *
 * @param texts  sources
 * @param shared sources of which `texts` export functions by name: `export { copyRows } from …`
 * @returns functions `{name, parameters: [name, type][], result}` and the names of constants
 */
export function exportsOf(texts, shared = []) {
  const passedOn = texts.flatMap((text) => [...text.matchAll(/^export \{(.*)\} from/gm)]);
  const names = passedOn.flatMap(([, list]) => list.split(',').map((name) => name.trim()));
  const functions = shared.flatMap((text) => exportsOf([text]).functions).filter(({ name }) => names.includes(name));
  const constants = [];
  for (const text of texts) {
    for (const [, name, list, result] of text.matchAll(/^export function (\w+)\(([^)]*)\): (\w+)/gm)) {
      const parameters = [...list.matchAll(/(\w+): (\w+)/g)].map(([, parameter, type]) => [
        parameter.replace(/^_/, ''), // an underscore marks what the kernel does not read
        types[type],
      ]);
      const isCallable = parameters.every(([, type]) => type) && (types[result] || result === 'void');
      if (isCallable)
        functions.push({ name, parameters, result: result === 'bool' ? 'number' : (types[result] ?? 'void') });
    }
    for (const [, name] of text.matchAll(/^export const (\w+)/gm)) constants.push(name);
  }
  return { functions, constants };
}

/** TypeScript: the interfaces `Exports` and `ParallelExports`, and the names of the parallel kernels' parameters. */
export function declarationsOf({ functions, constants }) {
  const parallel = functions.filter(({ parameters }) =>
    itemParameters.every((name, i) => name.test(parameters[i]?.[0])),
  );
  const members = ([name, type]) => `${name}: ${type}`;
  const ownParameters = ({ parameters }) => parameters.slice(itemParameters.length);
  return `
export interface Exports {
${functions.map(({ name, parameters, result }) => `  ${name}(${parameters.map(members).join(', ')}): ${result};`).join('\n')}
${constants.map((name) => `  readonly ${name}: WebAssembly.Global<'i32'>;`).join('\n')}
}

export interface ParallelExports {
${parallel.map((kernel) => `  ${kernel.name}: { ${ownParameters(kernel).map(members).join('; ')} };`).join('\n')}
}

const parallel: WasmBinaries<Exports, ParallelExports>['parallel'] = {
${parallel
  .map(
    (kernel) =>
      `  ${kernel.name}: [${ownParameters(kernel)
        .map(([name]) => `'${name}'`)
        .join(', ')}],`,
  )
  .join('\n')}
};
`;
}
