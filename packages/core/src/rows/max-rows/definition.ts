import { engine, zeros, zerosLike } from '@tensorflow/tfjs-core';
import type { OpDefinition } from '../../op/definition.js';
import { runOp } from '../../op/run.js';
import { entryTables } from '../factors.js';
import type { ArgmaxRows, MaxRows, MaxRowsGradient, SharedMaxRowsGradient } from './attributes.js';
import * as cpu from './cpu.js';
import { differentiableGradient, sharesOfFirst, sharesOfGreatest } from './differentiable-gradient.js';
import * as wasm from './wasm.js';
import * as webgpu from './webgpu.js';

export const maxRowsOp: OpDefinition<MaxRows> = {
  name: 'SparseMaxRows',
  inputs: { x: 'float32', values: 'float32' },
  outputs: { y: 'float32' },
  kernels: { cpu: cpu.maxRows, wasm: wasm.maxRows, webgpu: webgpu.maxRows },
  gradient: {
    save: ['x'],
    gradients: ({ y: dy }, { x }, attrs) => ({
      x: () => {
        const { rows, ties } = attrs;
        // The maxima are computed again: tfjs would copy them on the wasm backend to keep them.
        const maxima = () => runOp(maxRowsOp, { x }, attrs).y;
        const places = () => runOp(argmaxRowsOp, { x }, { rows }).places;
        if (engine().isTapeOn()) {
          const shares = ties === 'shared' ? sharesOfGreatest(x, maxima(), rows) : sharesOfFirst(places(), rows);
          return differentiableGradient(dy, shares, rows);
        }
        if (ties === 'shared') return runOp(sharedMaxRowsGradientOp, { dy, x, y: maxima() }, { rows }).dx;
        return runOp(maxRowsGradientOp, { dy, places: places() }, { rows }).dx;
      },
    }),
  },
  tables: ({ rows }) => entryTables(rows),
};

export const argmaxRowsOp: OpDefinition<ArgmaxRows> = {
  name: 'SparseArgmaxRows',
  inputs: { x: 'float32', values: 'float32' },
  outputs: { places: 'int32' },
  kernels: { cpu: cpu.argmaxRows, wasm: wasm.argmaxRows, webgpu: webgpu.argmaxRows },
  gradient: {
    save: ['x'],
    gradients: (_dy, { x }, { rows }) => ({ x: () => zerosLike(x), values: () => zeros([rows.entryCount]) }),
  },
  tables: ({ rows }) => entryTables(rows),
};

export const maxRowsGradientOp: OpDefinition<MaxRowsGradient> = {
  name: 'SparseMaxRowsGradient',
  inputs: { dy: 'float32', places: 'int32', values: 'float32' },
  outputs: { dx: 'float32' },
  kernels: { cpu: cpu.maxRowsGradient, wasm: wasm.maxRowsGradient, webgpu: webgpu.maxRowsGradient },
  tables: ({ rows }) => [rows.starts, rows.entriesByColumn, rows.transposed.starts, rows.transposed.columns],
};

export const sharedMaxRowsGradientOp: OpDefinition<SharedMaxRowsGradient> = {
  name: 'SparseSharedMaxRowsGradient',
  inputs: { dy: 'float32', x: 'float32', y: 'float32' },
  outputs: { dx: 'float32' },
  kernels: {
    cpu: cpu.sharedMaxRowsGradient,
    wasm: wasm.sharedMaxRowsGradient,
    webgpu: webgpu.sharedMaxRowsGradient,
  },
  tables: ({ rows }) => [...entryTables(rows), ...entryTables(rows.transposed)],
};
