import fs from 'node:fs';
import path from 'node:path';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const backendTypesOnly = {
  regex: '^@tensorflow/tfjs-backend-',
  allowTypeImports: true,
  message: 'Import a backend by type only: a value import bundles all of it.',
};

/** Packages of ours and of TensorFlow.js outside the two lists are forbidden in `files`. */
function mayImport(files, ours, tfjs, more = [backendTypesOnly]) {
  const patterns = [
    { regex: `^@tfjs-sparse/${except(ours)}`, message: `Of @tfjs-sparse only (${ours}) may be imported here.` },
    {
      regex: `^@tensorflow/${except([...tfjs, 'tfjs-backend-[a-z]+'])}`,
      message: `Of TensorFlow.js only (${tfjs}) may be imported here.`,
    },
    ...more,
  ];
  return { files, rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] } };
}

function except(names) {
  return names.length > 0 ? `(?!(${names.join('|')})($|/))` : '';
}

const plugins = fs.readdirSync(path.join(import.meta.dirname, 'plugins'));
const core = ['tfjs-core'];
const coreAndLayers = ['tfjs-core', 'tfjs-layers'];
const allOfTfjs = [...coreAndLayers, 'tfjs-converter'];
const coreTypesOnly = {
  regex: '^@tfjs-sparse/core($|/)',
  allowTypeImports: true,
  message: 'The runner tests anyone’s kernels: it takes ops as arguments and imports types only.',
};

const casesHandedIn = {
  regex: '^\\.\\./',
  message: 'The runner tests anyone’s cases: it takes them as arguments and imports nothing beside src/.',
};

// Later entries replace the rule of earlier ones. Workspaces that are not named (playground, bench, models) may import all.
const directions = [
  mayImport(['packages/core/src/**'], [], core),
  mayImport(['packages/layers/src/**'], ['core'], coreAndLayers),
  mayImport(['packages/training/src/**'], ['core', 'layers'], coreAndLayers),
  mayImport(['packages/packs/src/**'], ['core'], coreAndLayers),
  mayImport(['packages/packs/src/**/*graph*.ts'], ['core'], ['tfjs-core', 'tfjs-converter']),
  mayImport(['packages/converter/src/**'], ['core', 'layers'], allOfTfjs),
  mayImport(['plugins/*/src/**'], ['core'], core),
  mayImport(
    ['plugins/*/src/**/{layer,layers,*-layer,*-layers}.ts', 'plugins/*/src/{blocks,networks}/*.ts'],
    ['core', 'layers'],
    coreAndLayers,
  ),
  mayImport(['plugins/*/src/**/{convert,*-conversion}.ts'], ['core', 'converter'], allOfTfjs),
  mayImport(['plugins/*/src/**/{graph-op,graph-ops}.ts'], ['core'], ['tfjs-core', 'tfjs-converter']),
  mayImport(['plugins/all/src/**'], plugins, []),
  mayImport(['conformance/src/**'], ['core'], core, [backendTypesOnly, coreTypesOnly, casesHandedIn]),
];
// Specs run everything they need on real backends.
const specDirections = [
  mayImport(['packages/*/src/**/*.spec.ts'], ['core'], ['tfjs', 'tfjs-core', 'tfjs-layers', 'tfjs-converter'], []),
  mayImport(['plugins/*/src/**/*.spec.ts'], ['core', 'layers', 'converter'], ['tfjs', 'tfjs-core', 'tfjs-layers'], []),
  { files: ['conformance/src/**/*.spec.ts'], rules: { '@typescript-eslint/no-restricted-imports': 'off' } },
];

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;

const local = {
  rules: {
    'file-name': {
      create: (context) => ({
        Program(node) {
          const name = path.basename(context.filename);
          if (!kebabCase.test(name)) context.report({ node, message: `File names are kebab-case, got ${name}` });
        },
      }),
    },
    'workspace-boundary': {
      create: (context) => {
        const check = (node) => {
          const from = node.source?.value;
          if (typeof from !== 'string' || !from.startsWith('.')) return;
          const directory = path.dirname(context.filename);
          if (workspaceOf(path.resolve(directory, from)) !== workspaceOf(directory)) {
            context.report({ node, message: 'Import other workspaces by package name, not by relative path' });
          }
        };
        return {
          ImportDeclaration: check,
          ImportExpression: check,
          ExportNamedDeclaration: check,
          ExportAllDeclaration: check,
        };
      },
    },
  },
};

/** The closest folder upwards that has a package.json. */
function workspaceOf(directory) {
  while (!fs.existsSync(path.join(directory, 'package.json')) && directory !== path.dirname(directory)) {
    directory = path.dirname(directory);
  }
  return directory;
}

export default tseslint.config(
  // *.as.ts is AssemblyScript: decorated functions and its types are no TypeScript.
  {
    ignores: [
      '**/dist',
      '**/bundle',
      '**/build',
      '**/wasm-binaries.ts',
      '**/case-files.ts',
      '**/*.as.ts',
      'tests/lint/fixtures',
    ],
  },
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    plugins: { local },
    rules: {
      'local/file-name': 'error',
      'local/workspace-boundary': 'error',
      'max-lines': ['error', 300], // more is two ideas
      'no-restricted-syntax': [
        'error',
        {
          selector: 'TSAsExpression > TSAsExpression > TSUnknownKeyword',
          message: 'A cast by way of unknown checks nothing; cast to an intersection, or type the source.',
        },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }], // a signature that another code fixes
    },
  },
  { files: ['**/*.ts'], rules: { 'no-undef': 'off' } }, // TypeScript checks names itself
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        Object.getOwnPropertyNames(globalThis)
          .concat('require', 'module', '__dirname', 'window', 'document', 'navigator', 'location')
          .concat(
            'describe',
            'it',
            'expect',
            'beforeAll',
            'afterAll',
            'beforeEach',
            'afterEach',
            'pending',
            'fail',
            'expectAsync',
            'jasmine',
          )
          .map((name) => [name, 'readonly']),
      ),
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  ...directions,
  ...specDirections,
);
